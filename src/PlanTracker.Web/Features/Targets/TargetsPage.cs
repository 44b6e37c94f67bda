using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Targets;

public sealed record TargetsPage
{
    public required int IndicatorId { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Unit { get; init; }

    public required int RegionId { get; init; }

    public required string RegionCode { get; init; }

    public required Bilingual Region { get; init; }

    public required IReadOnlyList<Choice> Regions { get; init; }

    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<ChangeLine> History { get; init; }

    public TargetForm Form { get; init; } = new();

    public TargetFault? Fault { get; init; }
}

public sealed record Choice(string Code, Bilingual Name);

public sealed record ChangeLine(
    int Id, string Code, TargetRole Role, Period Period, decimal? Value, PathShape Shape, string Source, string? Author, string? Reason, DateTimeOffset At);

/// <summary>The form as it comes back; figures and periods stay text until they have been read strictly.</summary>
public sealed record TargetForm
{
    /// <summary>Code of the target to change; empty for a new one.</summary>
    public string? Target { get; init; }

    /// <summary>The change of that target the form was made from.</summary>
    public int? BasedOn { get; init; }

    public string? Role { get; init; }

    public string? Period { get; init; }

    public string? Value { get; init; }

    public string? Shape { get; init; }

    public string? StatedOn { get; init; }

    public string? DocumentEn { get; init; }

    public string? DocumentZh { get; init; }

    public string? Source { get; init; }

    public string? Reason { get; init; }

    public bool Remove { get; init; }
}

public static class TargetQueries
{
    public static async Task<TargetsPage?> TargetsPageAsync(this PlanDbContext db, CurrentPlan plan, string code, string? regionCode, CancellationToken ct)
    {
        var wanted = regionCode ?? plan.RootRegionCode;
        var indicator = await db.Indicators.AsNoTracking().SingleOrDefaultAsync(i => i.PlanId == plan.Id && i.Code == code, ct);
        var region = await db.Regions.AsNoTracking().SingleOrDefaultAsync(r => r.RegionSet == plan.RegionSet && r.Code == wanted, ct);
        if (indicator is null || region is null)
            return null;

        return new TargetsPage
        {
            IndicatorId = indicator.Id,
            Code = indicator.Code,
            Name = indicator.Name,
            Unit = indicator.Unit,
            RegionId = region.Id,
            RegionCode = region.Code,
            Region = region.Short,
            Regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Kind != RegionKind.Grouping).OrderBy(r => r.Position)
                .Select(r => new Choice(r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct),
            Targets = await db.Targets.AsNoTracking().Where(t => t.IndicatorId == indicator.Id && t.RegionId == region.Id)
                .OrderBy(t => t.Period).ThenBy(t => t.Id).ToListAsync(ct),
            History = await db.TargetChanges.Where(c => c.IndicatorId == indicator.Id && c.RegionId == region.Id).OrderByDescending(c => c.Id)
                .Select(c => new ChangeLine(c.Id, c.Code, c.Role, c.Period, c.Value, c.Shape, c.Source, c.Author!.DisplayName, c.Reason, c.At)).ToListAsync(ct),
        };
    }
}
