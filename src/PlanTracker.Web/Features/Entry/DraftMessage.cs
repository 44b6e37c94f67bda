using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Entry;

/// <summary>A cell as the open form sends it; what is not given stays as the draft has it.</summary>
public sealed record DraftMessage
{
    public const int MostAtOnce = 500;

    /// <summary><c>I13|330000|2024</c>.</summary>
    public string? Cell { get; init; }

    public string? Text { get; init; }

    public string? Status { get; init; }

    public string? Note { get; init; }

    public string? Source { get; init; }

    public string? Explanation { get; init; }

    public int BasedOn { get; init; }

    public int Draft { get; init; }

    public TypedCell ToCell(CellKey key) => new(key, Text?.Trim() ?? "")
    {
        Status = Enum.TryParse<ObservationStatus>(Status, out var status) && Enum.IsDefined(status) ? status : null,
        Note = Note,
        Source = Source,
        Explanation = Explanation,
        BasedOn = BasedOn,
        Draft = Draft,
    };
}

/// <summary>What became of a cell that was sent.</summary>
/// <param name="Cell">Its name, as it was sent.</param>
/// <param name="Outcome"><c>saved</c>, <c>nothing</c>, <c>refused</c> or <c>conflict</c>.</param>
/// <param name="Draft">Version of the draft now.</param>
/// <param name="Message">Why it was refused, or who has changed it, in the language of the page.</param>
/// <param name="Warnings">What is questioned.</param>
/// <param name="Stands">What stands there now, after a conflict or without a draft.</param>
public sealed record DraftAnswer(string Cell, string Outcome, int Draft, string? Message, IReadOnlyList<string> Warnings, DraftAnswer.Standing? Stands)
{
    /// <summary>What stands in a cell, how it is called, and what to base the next try on.</summary>
    public sealed record Standing(string Text, string Status, string State, string Word, int BasedOn, int Draft);

    public static DraftAnswer Of(string cell, DraftResult result) => new(
        cell,
        result.Fault?.Conflict is not null ? "conflict" : Kebab.Of(result.Outcome),
        result.Draft,
        // After a conflict the form offers the choice itself.
        result.Fault is { } fault ? (fault.Conflict is { } now ? SubmissionWords.WhoAndWhat(now) : SubmissionWords.Of(fault)).In(RequestLanguage.Current) : null,
        [.. result.Warnings.Select(w => w.ToString())],
        (result.Fault?.Conflict ?? result.Stands) is { } stands ? Of(stands) : null);

    private static Standing Of(WhatStands stands) => new(
        Text(stands.Value),
        stands.Status.ToString(),
        stands.State is { } state ? Kebab.Of(state) : "theirs",
        (stands.State is { } known ? Words.Of(known) : new Bilingual($"Draft, {stands.Author}", $"{stands.Author}的草稿")).In(RequestLanguage.Current),
        stands.LastNumber,
        stands.Draft);

    /// <summary>What has come into a cell since the person's draft of it was begun, as the form is told it with the page.</summary>
    public static string? Overtaking(GridCell cell) => cell is { InConflict: true, Draft.IsOwn: true, Stands: { } now }
        ? JsonSerializer.Serialize(
            new Standing(Text(now.Value), now.Status.ToString(), Kebab.Of(now.State), Words.Of(now.State).In(RequestLanguage.Current), cell.Last, cell.Draft.Version), JsonSerializerOptions.Web)
        : null;

    private static string Text(decimal? value) => value is { } v ? Rounding.Exact(v) : "";
}

public static class CellKeyQueries
{
    /// <summary>The cells these names stand for. What the plan does not know gets a number that nothing has, and is refused by the store.</summary>
    public static async Task<Dictionary<CellName, CellKey>> CellKeysAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyCollection<CellName> names, CancellationToken ct)
    {
        string[] indicatorCodes = [.. names.Select(n => n.Indicator).Distinct()], regionCodes = [.. names.Select(n => n.Region).Distinct()];
        var indicators = await db.Indicators.Where(i => i.PlanId == plan.Id && indicatorCodes.Contains(i.Code)).ToDictionaryAsync(i => i.Code, i => i.Id, ct);
        var regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && regionCodes.Contains(r.Code)).ToDictionaryAsync(r => r.Code, r => r.Id, ct);
        var unknown = 0;
        return names.ToDictionary(n => n, n => new CellKey(
            indicators.TryGetValue(n.Indicator, out var indicator) ? indicator : --unknown, regions.TryGetValue(n.Region, out var region) ? region : --unknown, n.Period));
    }
}
