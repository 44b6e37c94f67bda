using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Imports;

/// <summary>A figure that is due: a row of the file to fill in.</summary>
public sealed record DueFigure(string IndicatorCode, Bilingual Indicator, Bilingual Unit, string RegionCode, Bilingual Region, Period Period);

/// <summary>A file to fill in: one row for each figure that is due from a person and neither stands nor waits for review.</summary>
public static class Template
{
    /// <summary>More rows than anybody fills in by hand.</summary>
    public const int MostRows = 50_000;

    /// <summary>The columns, of which the last ones are to be filled in.</summary>
    public static readonly IReadOnlyList<(string Name, int Width)> Columns =
    [
        ("indicator", 14), ("indicator_en", 34), ("indicator_zh", 30), ("unit_en", 14), ("unit_zh", 12), ("region", 10), ("region_en", 16), ("region_zh", 12), ("period", 10),
        ("value", 14), ("observation_status", 12), ("source", 40), ("note", 30), ("explanation", 30),
    ];

    /// <summary>Figures due of all periods of the plan that are over, by indicator, region and period.</summary>
    public static async Task<List<DueFigure>> FiguresDueAsync(this PlanDbContext db, CurrentPlan plan, Guid personId, DateOnly today, CancellationToken ct)
    {
        var scope = (await db.CellsInScopeAsync(plan.Id, personId, ct)).Where(c => c.Indicator.Due);
        var known = await (
                from reading in db.Readings
                join cell in scope on new { reading.IndicatorId, reading.RegionId } equals new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id }
                where reading.Status != null || reading.PendingRevision!.State == RevisionState.Submitted
                select new { reading.IndicatorId, reading.RegionId, reading.Period })
            .AsAsyncEnumerable().Select(r => new CellKey(r.IndicatorId, r.RegionId, r.Period)).ToHashSetAsync(cancellationToken: ct);
        var cells = scope.OrderBy(c => c.Indicator.Position).ThenBy(c => c.Region.Position).Select(c => new
        {
            IndicatorId = c.Indicator.Id,
            RegionId = c.Region.Id,
            c.Indicator.Frequency,
            c.Indicator.Code,
            Name = new Bilingual(c.Indicator.NameEn, c.Indicator.NameZh),
            Unit = new Bilingual(c.Indicator.UnitEn ?? "", c.Indicator.UnitZh ?? ""),
            RegionCode = c.Region.Code,
            Region = new Bilingual(c.Region.ShortEn, c.Region.ShortZh),
        });
        var due = new List<DueFigure>();
        await foreach (var cell in cells.AsAsyncEnumerable().WithCancellation(ct))
        {
            due.AddRange(plan.PeriodsOver(cell.Frequency, today).Where(p => !known.Contains(new CellKey(cell.IndicatorId, cell.RegionId, p)))
                .Select(p => new DueFigure(cell.Code, cell.Name, cell.Unit, cell.RegionCode, cell.Region, p)));
            if (due.Count >= MostRows)
                break;
        }

        return due;
    }

    public static void Write(ITableWriter table, IReadOnlyList<DueFigure> figures)
    {
        table.Heading([.. Columns.Select(c => c.Name)]);
        foreach (var due in figures)
        {
            string[] known = [due.IndicatorCode, due.Indicator.En, due.Indicator.Zh, due.Unit.En, due.Unit.Zh, due.RegionCode, due.Region.En, due.Region.Zh, due.Period.ToString()];
            foreach (var text in known)
                table.Text(text);
            // What is to be filled in.
            for (var column = known.Length; column < Columns.Count; column++)
                table.Number(null);
            table.EndRow();
        }
    }
}
