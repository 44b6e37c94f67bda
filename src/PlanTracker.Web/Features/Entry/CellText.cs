using System.Globalization;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

/// <summary>The words beside a cell.</summary>
public static class CellText
{
    /// <summary>Its state; where it holds no value, why.</summary>
    public static Bilingual Of(CellMark mark, GridCell cell)
    {
        var word = mark switch
        {
            CellMark.Empty => new("Empty", "空"),
            CellMark.Approved => new("Approved", "已审核"),
            CellMark.Submitted => new("Submitted", "已提交"),
            CellMark.Returned => new("Returned", "已退回"),
            CellMark.Saved => new("Draft", "草稿"),
            CellMark.Theirs => new($"Draft, {cell.Draft!.Author}", $"{cell.Draft.Author}的草稿"),
            CellMark.Conflict => new("Changed by another", "他人已修改"),
            CellMark.Unsaved => new("Not sent", "未提交"),
            CellMark.Error => new("Not accepted", "未接受"),
            CellMark.Warning => new("To be explained", "待说明"),
            _ => new Bilingual("Locked", "已锁定"),
        };
        Bilingual? none = mark is not (CellMark.Empty or CellMark.Unsaved or CellMark.Error) && cell.Status.StandsForNoValue() ? Words.Of(cell.Status) : null;
        return none is { } why ? new($"{why.En} · {word.En}", $"{why.Zh} · {word.Zh}") : word;
    }

    /// <summary>What stands behind the draft or the figure: who put what there, and why it was returned.</summary>
    public static string? OfStands(GridCell cell, Language language)
    {
        if (cell.Draft is null && cell.Pending is null && cell.Lock is null)
            return null;
        var parts = new List<string>();
        if (cell.Lock is { } round)
            parts.Add(Say(SubmissionWords.OfLock(round)));
        if (cell.Draft is { } draft && cell.InConflict && cell.Stands is { } now)
            parts.Add(Say(new($"{now.Author} put {Figure(now).En} here after this draft was begun", $"此草稿起草后，{now.Author}填入了 {Figure(now).Zh}")));
        if (cell.Draft is { IsOwn: false } theirs)
            parts.Add(Say(new($"drafted by {theirs.Author}, {Day(theirs.SavedAt)}", $"{theirs.Author}于 {Day(theirs.SavedAt)} 起草")));
        if (cell.Pending is { State: RevisionState.Returned } returned)
            parts.Add(Say(new($"returned by {returned.Reviewer}: {returned.Reason}", $"{returned.Reviewer}退回：{returned.Reason}")));
        else if (cell.Pending is { } submitted)
            parts.Add(Say(new($"{Figure(submitted).En} submitted by {submitted.Author}, {Day(submitted.At)}", $"{submitted.Author}于 {Day(submitted.At)} 提交 {Figure(submitted).Zh}")));
        if (cell.Approved is { } approved)
            parts.Add(Say(new($"approved: {Figure(approved).En}", $"已审核：{Figure(approved).Zh}")));
        return parts.Count == 0 ? null : string.Join(language == Language.Chinese ? "；" : "; ", parts);

        string Say(Bilingual text) => language == Language.Chinese ? text.Zh : text.En;
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Bilingual Figure(CellValue value) =>
        value.Value is { } v ? new(Figures.Stated(v), Figures.Stated(v)) : Words.Of(value.Status);
}
