using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>What a plan says and who carries it, as programs read it.</summary>
public static class ContentQueries
{
    /// <summary>An element, its place in the list and what leads from it.</summary>
    public sealed record ElementRow(PlanElement Element, IReadOnlyList<int> ServedIds, IReadOnlyList<int> IndicatorIds, IReadOnlyList<ResponsibleItem> Responsible);

    /// <summary>Every element, in the order of the list; a plan has some hundred.</summary>
    public static async Task<List<ElementRow>> ElementRowsAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var links = (await db.ElementLinks.Where(l => l.From!.PlanId == plan.Id).ToListAsync(ct)).ToLookup(l => l.FromId, l => l.ToId);
        var speaking = (await db.IndicatorElements.Where(s => s.Element!.PlanId == plan.Id).ToListAsync(ct)).ToLookup(s => s.ElementId, s => s.IndicatorId);
        var elements = await db.Elements.AsNoTracking().Where(e => e.PlanId == plan.Id).OrderBy(e => e.Id).Select(e => new
        {
            Element = e,
            Responsible = db.Assignments.Where(a => a.ElementId == e.Id).OrderBy(a => a.Role).ThenBy(a => a.Department!.Code).Select(a => new ResponsibleItem
            {
                Department = a.Department!.Code,
                Name = new Bilingual(a.Department.NameEn, a.Department.NameZh),
                Role = a.Role,
                Illustrative = a.Illustrative,
                Basis = a.Basis,
            }).ToList(),
        }).ToListAsync(ct);
        return elements.ConvertAll(e => new ElementRow(e.Element, [.. links[e.Element.Id]], [.. speaking[e.Element.Id]], e.Responsible));
    }

    /// <summary>These elements with where they stand, by the rule of their pages.</summary>
    public static async Task<IReadOnlyList<ElementItem>> ElementItemsAsync(
        this PlanDbContext db, CurrentPlan plan, Reader reader, IReadOnlyList<ElementRow> all, IReadOnlyList<ElementRow> page, CancellationToken ct)
    {
        var codes = all.ToDictionary(e => e.Element.Id, e => e.Element.Code);
        var paths = all.ToDictionary(e => e.Element.Id, e => e.Element.Path);
        var whole = await db.ReadsWholeAsync(plan.RegionSet, reader, ct);
        var national = await db.IndicatorLinesAsync(db.Indicators.Where(i => i.PlanId == plan.Id), plan, plan.RootRegionId, ct);
        var indicators = national.ToDictionary(l => l.Id, l => l.Code);
        var goals = whole ? await db.GoalLines(db.Milestones.Where(m => m.Element!.PlanId == plan.Id), plan).ToListAsync(ct) : [];
        var reports = whole ? (await db.KnownReports(plan.AsOf).Where(r => r.Item!.PlanId == plan.Id).AsLines().ToListAsync(ct)).ToDictionary(r => r.ItemId!.Value) : [];
        return [.. page.Select(row => new ElementItem
        {
            Code = row.Element.Code,
            Kind = row.Element.Kind,
            Parent = row.Element.ParentId is { } parent ? codes[parent] : null,
            Position = row.Element.Position,
            Title = row.Element.Title,
            TitleBasis = row.Element.TitleZhBasis,
            Summary = new Bilingual(row.Element.SummaryEn, row.Element.SummaryZh),
            Source = row.Element.Source,
            Serves = [.. row.ServedIds.Select(id => codes[id]).Order(StringComparer.Ordinal)],
            Indicators = [.. row.IndicatorIds.Select(id => indicators[id]).Order(StringComparer.Ordinal)],
            Responsible = row.Responsible,
            Status = whole ? StatusOf(row) : null,
            Report = ReportItem.Of(reports.GetValueOrDefault(row.Element.Id)),
        })];

        RolledUpStatus StatusOf(ElementRow row)
        {
            // A direction or objective is spoken for by the tasks that serve it.
            string[] speaking = [row.Element.Path, .. all.Where(e => e.ServedIds.Contains(row.Element.Id)).Select(e => e.Element.Path)];
            var ids = all.Where(e => Array.Exists(speaking, p => e.Element.Path.StartsWith(p, StringComparison.Ordinal))).SelectMany(e => e.IndicatorIds).ToHashSet();
            var status = ElementStatus.Of(
                national.Where(l => l.ReportedBy != ReportedBy.Regional && ids.Contains(l.Id)),
                goals.Where(g => Array.Exists(speaking, p => paths[g.ElementId].StartsWith(p, StringComparison.Ordinal))));
            return new RolledUpStatus
            {
                Judged = status.Judged,
                Good = status.Good,
                Counts = [.. status.Counts.OrderBy(c => c.Key).Select(c => new StatusCount { Status = c.Key, Count = c.Value })],
                Worst = status.Worst is { } worst ? new WorstItem { Kind = worst.Kind, Code = worst.Code, Name = worst.Name, Status = worst.Status } : null,
            };
        }
    }

    public static async Task<IReadOnlyList<GoalItem>> GoalItemsAsync(
        this PlanDbContext db, CurrentPlan plan, Reader reader, IReadOnlyList<Milestone> page, CancellationToken ct)
    {
        var ids = page.Select(m => m.Id).ToArray();
        var reports = await db.ReadsWholeAsync(plan.RegionSet, reader, ct)
            ? (await db.KnownReports(plan.AsOf).Where(r => ids.Contains(r.MilestoneId!.Value)).AsLines().ToListAsync(ct)).ToDictionary(r => r.MilestoneId!.Value)
            : [];
        return [.. page.Select(m => new GoalItem
        {
            Code = m.Code,
            Element = m.Element!.Code,
            Year = m.Year,
            Text = m.Goal,
            Source = m.Source,
            Report = ReportItem.Of(reports.GetValueOrDefault(m.Id)),
        })];
    }

    public static async Task<IReadOnlyList<IndicatorItem>> IndicatorItemsAsync(
        this PlanDbContext db, CurrentPlan plan, Reader reader, IReadOnlyList<Indicator> page, CancellationToken ct)
    {
        var ids = page.Select(i => i.Id).ToArray();
        var named = await db.Indicators.Where(i => i.PlanId == plan.Id).Select(i => new { i.Id, i.Code }).ToDictionaryAsync(i => i.Id, i => i.Code, ct);
        var elements = (await db.IndicatorElements.Where(s => ids.Contains(s.IndicatorId)).OrderBy(s => s.Element!.Position)
            .Select(s => new { s.IndicatorId, s.Element!.Code }).ToListAsync(ct)).ToLookup(s => s.IndicatorId, s => s.Code);
        var targets = (await db.TargetRows(plan, reader).Where(t => ids.Contains(t.Target.IndicatorId)).ToListAsync(ct)).ToLookup(t => t.Target.IndicatorId);
        return [.. page.Select(i => new IndicatorItem
        {
            Code = i.Code,
            Name = i.Name,
            Unit = i.Unit,
            Definition = new Bilingual(i.DefinitionEn ?? "", i.DefinitionZh ?? ""),
            Group = new Bilingual(i.GroupEn, i.GroupZh),
            Decimals = i.Decimals,
            Min = i.Min,
            Max = i.Max,
            Better = i.Better,
            Frequency = i.Frequency,
            Measure = i.Measure,
            Aggregation = i.Aggregation,
            Weight = i.WeightId is { } weight ? named[weight] : null,
            Denominator = i.DenominatorId is { } denominator ? named[denominator] : null,
            ReportedBy = i.ReportedBy,
            Due = i.Due,
            Headline = i.Headline,
            Verified = i.Verified,
            Rules = RulesItem.Of(i.Rules),
            Elements = [.. elements[i.Id]],
            Targets = [.. targets[i.Id].OrderBy(t => t.Target.RegionId).ThenBy(t => t.Target.Period).ThenBy(t => t.Target.Code, StringComparer.Ordinal).Select(t => t.Item)],
        })];
    }

    public sealed class TargetRow
    {
        public required TargetPoint Target { get; init; }

        public required string Indicator { get; init; }

        public required string Region { get; init; }

        public TargetItem Item => TargetItem.Of(Target, Indicator, Region);
    }

    /// <summary>Targets of a plan as they are or were known, as far as the reader sees them.</summary>
    public static IQueryable<TargetRow> TargetRows(this PlanDbContext db, CurrentPlan plan, Reader reader)
    {
        var readable = db.ReadableCells(reader);
        var limited = reader.IsLimited;
        return from target in db.KnownTargets(plan.AsOf)
               join indicator in db.Indicators on target.IndicatorId equals indicator.Id
               join region in db.Regions on target.RegionId equals region.Id
               where indicator.PlanId == plan.Id && (!limited || readable.Any(c => c.Indicator.Id == indicator.Id && c.Region.Id == region.Id))
               select new TargetRow { Target = target, Indicator = indicator.Code, Region = region.Code };
    }

    /// <summary>Regions with the groupings around them, as far as the reader sees them.</summary>
    public static async Task<IReadOnlyList<RegionItem>> RegionItemsAsync(this PlanDbContext db, Reader reader, IReadOnlyList<Region> page, CancellationToken ct)
    {
        var ids = page.Select(r => r.Id).ToArray();
        var readable = db.Regions.ReadableBy(db, reader);
        var around = await db.RegionMemberships
            .Where(m => (ids.Contains(m.RegionId) || ids.Contains(m.GroupingId)) && readable.Any(r => r.Id == m.RegionId) && readable.Any(r => r.Id == m.GroupingId))
            .OrderBy(m => m.Grouping!.Position).ThenBy(m => m.Region!.Position)
            .Select(m => new { m.RegionId, Region = m.Region!.Code, m.GroupingId, Grouping = m.Grouping!.Code }).ToListAsync(ct);
        var (groupings, members) = (around.ToLookup(m => m.RegionId, m => m.Grouping), around.ToLookup(m => m.GroupingId, m => m.Region));
        var parents = page.Select(r => r.ParentId).OfType<int>().Distinct().ToArray();
        var parentCodes = await readable.Where(r => parents.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Code, ct);
        return [.. page.Select(r => new RegionItem
        {
            Code = r.Code,
            Kind = r.Kind,
            GroupType = r.GroupType,
            Parent = r.ParentId is { } parent ? parentCodes.GetValueOrDefault(parent) : null,
            Name = r.Name,
            Short = r.Short,
            Iso = r.Iso,
            Reports = r.Reports,
            Groupings = [.. groupings[r.Id]],
            Members = [.. members[r.Id]],
        })];
    }
}
