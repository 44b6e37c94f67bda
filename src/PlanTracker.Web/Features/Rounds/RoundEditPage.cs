using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Rounds;

/// <summary>The form for a new round, or to change one.</summary>
public sealed record RoundEditPage
{
    /// <summary>The round to change; none for a new one.</summary>
    public string? Code { get; init; }

    public required RoundForm Form { get; init; }

    public required IReadOnlyList<IndicatorChoice> Indicators { get; init; }

    /// <summary>The whole and what lies right below it.</summary>
    public required IReadOnlyList<RegionChoice> Regions { get; init; }

    public IReadOnlyList<RoundFault> Faults { get; init; } = [];

    /// <summary>With what was typed and why it was not taken. The version stays what the person saw, unless this very page tells of the change.</summary>
    public RoundEditPage WithFaults(RoundForm form, IReadOnlyList<RoundFault> faults) => this with
    {
        Form = form with { BasedOn = faults.Any(f => f.Kind == RoundFaultKind.Conflict) ? Form.BasedOn : form.BasedOn },
        Faults = faults,
    };
}

public sealed record IndicatorChoice(string Code, Bilingual Name, Bilingual Group, Frequency Frequency, bool Due);

public sealed record RegionChoice(string Code, Bilingual Name);

public static class RoundEditQueries
{
    /// <summary>What a proposed round leaves for reporting.</summary>
    private const int DaysToReport = 30;

    public const string AllDue = "due";

    /// <summary>A new round for a period: with all indicators that are due for it, or none chosen.</summary>
    public static async Task<RoundEditPage> NewRoundAsync(
        this PlanDbContext db, CurrentPlan plan, string? wanted, string? preset, DateOnly today, CancellationToken ct)
    {
        var indicators = await db.IndicatorChoicesAsync(plan, ct);
        var period = Period.TryParse(wanted, out var parsed) ? parsed : plan.LastYearOver(today);
        var opens = today > period.End ? today : period.End.AddDays(1);
        var due = preset is null or AllDue ? indicators.Where(i => i.Due && i.Frequency == period.Frequency).Select(i => i.Code) : [];
        return new RoundEditPage
        {
            Form = new RoundForm
            {
                Code = period.ToString(),
                NameEn = $"Report for {period}",
                NameZh = $"{period} 填报",
                Period = period.ToString(),
                OpensOn = Text(opens),
                Deadline = Text(opens.AddDays(DaysToReport)),
                Locks = true,
                Indicators = [.. due],
                Regions = [plan.RootRegionCode],
            },
            Indicators = indicators,
            Regions = await db.RegionChoicesAsync(plan, ct),
        };
    }

    public static async Task<RoundEditPage?> EditedRoundAsync(this PlanDbContext db, CurrentPlan plan, string code, CancellationToken ct)
    {
        var round = await db.ReportingRounds.AsNoTracking().SingleOrDefaultAsync(r => r.PlanId == plan.Id && r.Code == code, ct);
        if (round is null)
            return null;

        var choices = await db.RegionChoicesAsync(plan, ct);
        var regions = await db.RoundRegions.Where(r => r.RoundId == round.Id).OrderBy(r => r.Region!.Position).Select(r => r.Region!.Code).ToListAsync(ct);
        return new RoundEditPage
        {
            Code = round.Code,
            Form = new RoundForm
            {
                NameEn = round.NameEn,
                NameZh = round.NameZh,
                Period = round.Period.ToString(),
                OpensOn = Text(round.OpensOn),
                Deadline = Text(round.Deadline),
                Locks = round.Locks,
                Indicators = await db.RoundIndicators.Where(i => i.RoundId == round.Id).Select(i => i.Indicator!.Code).ToListAsync(ct),
                Regions = [.. regions.Where(r => choices.Exists(c => c.Code == r))],
                OtherRegions = string.Join(' ', regions.Where(r => !choices.Exists(c => c.Code == r))),
                BasedOn = round.Version,
            },
            Indicators = await db.IndicatorChoicesAsync(plan, ct),
            Regions = choices,
        };
    }

    private static Task<List<IndicatorChoice>> IndicatorChoicesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Indicators.Where(i => i.PlanId == plan.Id).OrderBy(i => i.Position)
            .Select(i => new IndicatorChoice(i.Code, new Bilingual(i.NameEn, i.NameZh), new Bilingual(i.GroupEn, i.GroupZh), i.Frequency, i.Due)).ToListAsync(ct);

    private static Task<List<RegionChoice>> RegionChoicesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Kind != RegionKind.Grouping && (r.ParentId == null || (r.ParentId == plan.RootRegionId && r.Reports)))
            .OrderBy(r => r.Position).Select(r => new RegionChoice(r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
