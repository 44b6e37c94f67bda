using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using PlanTracker.Domain;

namespace PlanTracker.Data.Packages;

/// <summary>What a load changed.</summary>
public sealed record LoadReport(string Plan, int Elements, int Indicators, int Targets, int Regions, int Changes, int NewStatements);

/// <summary>
/// Takes a plan package into the database, all or nothing. Taking in the same package again changes nothing. What people have added since
/// (milestones, revisions) stays.
/// </summary>
public sealed class PlanLoader(PlanDbContext db, TimeProvider clock)
{
    private int _changes;

    // The first load brings what was published before PlanTracker knew the plan; it counts from its publication. Later loads count from their day.
    private bool _first;

    /// <exception cref="DbUpdateException">The package contradicts what is stored, e.g. a changed target collides with one added by hand.</exception>
    public async Task<LoadReport> LoadAsync(PlanPackage package, CancellationToken ct)
    {
        // A large plan takes longer than a page may.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(7264002)", ct);
        _changes = 0;

        var plan = await LoadPlanAsync(package.Plan, ct);
        // Before the first row that people write too: taken later, the lock could cross those of a submission.
        await db.LockPlanAsync(plan.Id, ct);
        var regions = await LoadRegionsAsync(package, ct);
        var elements = await LoadElementsAsync(plan.Id, package, ct);
        await LoadDepartmentsAsync(plan.Id, package, elements, ct);
        var indicators = await LoadIndicatorsAsync(plan.Id, package, elements, ct);
        await LoadTargetsAsync(package.Targets, indicators, regions, ct);
        var statements = await LoadReadingsAsync(package.Readings, indicators, regions, ct);

        if (_changes + statements > 0)
        {
            await db.RejudgePlanAsync(plan.Id, ct);
            db.AuditEvents.Add(new AuditEvent
            {
                At = clock.GetUtcNow(),
                Action = "plan.loaded",
                Subject = plan.Code,
                Detail = JsonSerializer.Serialize(new { changes = _changes, statements }),
            });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        // So many new rows at once would be looked up by yesterday's statistics until the server gets round to it.
        if (statements > 0)
            await db.Database.ExecuteSqlAsync($"analyze readings, reading_revisions, standings, targets, target_changes", ct);
        return new LoadReport(plan.Code, elements.Count, indicators.Count, package.Targets.Count, regions.Count, _changes, statements);
    }

    private async Task<Plan> LoadPlanAsync(PlanRow row, CancellationToken ct)
    {
        var plan = await db.Plans.SingleOrDefaultAsync(p => p.Code == row.Code, ct);
        _first = plan is null;
        if (plan is null)
        {
            plan = new Plan
            {
                Code = row.Code,
                NameEn = "",
                NameZh = "",
                MilestoneYears = [],
                RegionSet = row.RegionSet,
                Source = "",
                LoadedOn = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime),
            };
            db.Plans.Add(plan);
        }

        plan.NameEn = row.Name.En;
        plan.NameZh = row.Name.Zh;
        plan.IssuerEn = row.IssuerEn;
        plan.IssuerZh = row.IssuerZh;
        plan.IssuedOn = row.IssuedOn;
        plan.BaselinePeriod = row.BaselinePeriod;
        plan.EndPeriod = row.EndPeriod;
        plan.MilestoneYears = [.. row.MilestoneYears];
        plan.RegionSet = row.RegionSet;
        plan.Source = row.Source;
        plan.Note = row.Note;
        await SaveAsync(ct);
        return plan;
    }

    private async Task<Dictionary<string, Region>> LoadRegionsAsync(PlanPackage package, CancellationToken ct)
    {
        var set = package.Plan.RegionSet;
        var regions = await db.Regions.Where(r => r.RegionSet == set).ToDictionaryAsync(r => r.Code, StringComparer.Ordinal, ct);
        var root = package.Regions.Single(r => r.Kind == RegionKind.Country).Code;
        var parents = package.Regions.ToDictionary(r => r.Code, r => r.Kind == RegionKind.Country ? null : r.Parent ?? root, StringComparer.Ordinal);

        foreach (var (row, position) in package.Regions.Select((row, i) => (row, i + 1)))
        {
            if (!regions.TryGetValue(row.Code, out var region))
            {
                region = new Region { RegionSet = set, Code = row.Code, Path = "", NameEn = "", NameZh = "", ShortEn = "", ShortZh = "", Source = "" };
                regions.Add(row.Code, db.Regions.Add(region).Entity);
            }

            region.Kind = row.Kind;
            region.GroupType = row.GroupType;
            region.Path = PathOf(row.Code, parents);
            region.Position = position;
            region.NameEn = row.Name.En;
            region.NameZh = row.Name.Zh;
            region.ShortEn = row.Short.En;
            region.ShortZh = row.Short.Zh;
            region.Initials = row.Initials;
            region.Iso = row.Iso;
            region.Reports = row.Reports;
            region.TileCol = row.TileCol;
            region.TileRow = row.TileRow;
            region.ValidFrom = row.ValidFrom;
            region.ValidTo = row.ValidTo;
            region.Source = row.Source;
            region.Note = row.Note;
        }

        foreach (var row in package.Regions)
            regions[row.Code].Parent = parents[row.Code] is { } parent ? regions[parent] : null;
        await SaveAsync(ct);

        var stored = await db.RegionMemberships.Where(m => m.Grouping!.RegionSet == set).ToListAsync(ct);
        var wanted = package.Memberships.Select(m => new RegionMembership
        {
            GroupingId = regions[m.Grouping].Id,
            RegionId = regions[m.Region].Id,
            Note = m.Note,
        });
        Synchronise(stored, wanted, m => (m.GroupingId, m.RegionId), (old, now) => old.Note = now.Note);
        await SaveAsync(ct);
        return regions;
    }

    private async Task<Dictionary<string, PlanElement>> LoadElementsAsync(int planId, PlanPackage package, CancellationToken ct)
    {
        var elements = await db.Elements.Where(e => e.PlanId == planId).ToDictionaryAsync(e => e.Code, StringComparer.Ordinal, ct);
        var parents = package.Elements.ToDictionary(e => e.Code, e => e.Parent, StringComparer.Ordinal);
        foreach (var (row, position) in package.Elements.Select((row, i) => (row, i + 1)))
        {
            if (!elements.TryGetValue(row.Code, out var element))
            {
                element = new PlanElement { PlanId = planId, Code = row.Code, Path = "", TitleEn = "", TitleZh = "", SummaryEn = "", SummaryZh = "", Source = "" };
                elements.Add(row.Code, db.Elements.Add(element).Entity);
            }

            element.Kind = row.Kind;
            element.Path = PathOf(row.Code, parents);
            element.Position = position;
            element.TitleEn = row.Title.En;
            element.TitleZh = row.Title.Zh;
            element.TitleZhBasis = row.TitleZhBasis;
            element.SummaryEn = row.Summary.En;
            element.SummaryZh = row.Summary.Zh;
            element.Source = row.Source;
        }

        foreach (var row in package.Elements)
            elements[row.Code].Parent = row.Parent is null ? null : elements[row.Parent];
        await SaveAsync(ct);

        var links = await db.ElementLinks.Where(l => l.From!.PlanId == planId).ToListAsync(ct);
        var wanted = package.Links.Select(l => new ElementLink { FromId = elements[l.From].Id, ToId = elements[l.To].Id, Basis = l.Basis });
        Synchronise(links, wanted, l => (l.FromId, l.ToId), (old, now) => old.Basis = now.Basis);
        await LoadMilestonesAsync(planId, package.Milestones, elements, ct);
        return elements;
    }

    private async Task LoadMilestonesAsync(int planId, IReadOnlyList<MilestoneRow> rows, Dictionary<string, PlanElement> elements, CancellationToken ct)
    {
        var milestones = await db.Milestones.Where(m => m.Element!.PlanId == planId).ToDictionaryAsync(m => (m.ElementId, m.Code), ct);
        foreach (var row in rows)
        {
            var elementId = elements[row.Element].Id;
            if (!milestones.TryGetValue((elementId, row.Code), out var milestone))
                milestone = db.Milestones.Add(new Milestone { ElementId = elementId, Code = row.Code, GoalEn = "", GoalZh = "", Source = "" }).Entity;
            milestone.Year = row.Year;
            milestone.GoalEn = row.Goal.En;
            milestone.GoalZh = row.Goal.Zh;
            milestone.Source = row.Source;
            milestone.Note = row.Note;
        }

        await SaveAsync(ct);
    }

    private async Task LoadDepartmentsAsync(int planId, PlanPackage package, Dictionary<string, PlanElement> elements, CancellationToken ct)
    {
        var departments = await db.Departments.Where(d => d.PlanId == planId).ToDictionaryAsync(d => d.Code, StringComparer.Ordinal, ct);
        foreach (var row in package.Departments)
        {
            if (!departments.TryGetValue(row.Code, out var department))
            {
                department = new Department { PlanId = planId, Code = row.Code, NameEn = "", NameZh = "", Basis = "", Source = "" };
                departments.Add(row.Code, db.Departments.Add(department).Entity);
            }

            department.NameEn = row.Name.En;
            department.NameZh = row.Name.Zh;
            department.Basis = row.Basis;
            department.Source = row.Source;
            department.Note = row.Note;
        }

        await SaveAsync(ct);
        var assignments = await db.Assignments.Where(a => a.Department!.PlanId == planId).ToListAsync(ct);
        var wanted = package.Assignments.Select(a => new Assignment
        {
            DepartmentId = departments[a.Department].Id,
            ElementId = elements[a.Element].Id,
            Role = a.Role,
            Illustrative = a.Illustrative,
            Basis = a.Basis,
        });
        Synchronise(assignments, wanted, a => (a.DepartmentId, a.ElementId),
            (old, now) => (old.Role, old.Illustrative, old.Basis) = (now.Role, now.Illustrative, now.Basis));
        await SaveAsync(ct);
    }

    private async Task<Dictionary<string, Indicator>> LoadIndicatorsAsync(
        int planId, PlanPackage package, Dictionary<string, PlanElement> elements, CancellationToken ct)
    {
        var indicators = await db.Indicators.Where(i => i.PlanId == planId).ToDictionaryAsync(i => i.Code, StringComparer.Ordinal, ct);
        foreach (var (row, position) in package.Indicators.Select((row, i) => (row, i + 1)))
        {
            if (!indicators.TryGetValue(row.Code, out var indicator))
            {
                indicator = new Indicator { PlanId = planId, Code = row.Code, NameEn = "", NameZh = "", GroupEn = "", GroupZh = "", MappingBasis = "", Verified = "" };
                indicators.Add(row.Code, db.Indicators.Add(indicator).Entity);
            }

            Write(indicator, row, position);
        }

        await SaveAsync(ct);
        foreach (var row in package.Indicators)
        {
            indicators[row.Code].WeightId = row.Weight is null ? null : indicators[row.Weight].Id;
            indicators[row.Code].DenominatorId = row.Denominator is null ? null : indicators[row.Denominator].Id;
        }

        var speaksFor = await db.IndicatorElements.Where(s => s.Indicator!.PlanId == planId).ToListAsync(ct);
        var wanted = package.Indicators.SelectMany(i => i.Elements.Select(e => new IndicatorElement
        {
            IndicatorId = indicators[i.Code].Id,
            ElementId = elements[e].Id,
        }));
        Synchronise(speaksFor, wanted, s => (s.IndicatorId, s.ElementId), (_, _) => { });
        await SaveAsync(ct);
        return indicators;
    }

    private static void Write(Indicator indicator, IndicatorRow row, int position)
    {
        indicator.NameEn = row.Name.En;
        indicator.NameZh = row.Name.Zh;
        indicator.UnitEn = row.UnitEn;
        indicator.UnitZh = row.UnitZh;
        indicator.Better = row.Better;
        if (!indicator.RulesKept)
        {
            indicator.Decimals = row.Decimals;
            indicator.Min = row.Min;
            indicator.Max = row.Max;
            indicator.Rules = row is { Aggregation: Aggregation.Sum, ReportedBy: ReportedBy.Both } ? Data.Indicator.RulesOfSums : Data.Indicator.UsualRules;
        }

        indicator.Frequency = row.Frequency;
        indicator.Measure = row.Measure;
        indicator.Aggregation = row.Aggregation;
        indicator.ReportedBy = row.ReportedBy;
        indicator.Due = row.Due;
        indicator.Headline = row.Headline;
        indicator.GroupEn = row.Group.En;
        indicator.GroupZh = row.Group.Zh;
        indicator.MappingBasis = row.MappingBasis;
        indicator.DefinitionEn = row.DefinitionEn;
        indicator.DefinitionZh = row.DefinitionZh;
        indicator.Verified = row.Verified;
        indicator.Source = row.Source;
        indicator.Note = row.Note;
        indicator.Position = position;
    }

    private async Task LoadTargetsAsync(
        IReadOnlyList<TargetRow> rows, Dictionary<string, Indicator> indicators, Dictionary<string, Region> regions, CancellationToken ct)
    {
        var ids = indicators.Values.Select(i => i.Id).ToArray();
        var targets = await db.Targets.Where(t => ids.Contains(t.IndicatorId)).ToDictionaryAsync(t => (t.IndicatorId, t.Code), ct);
        var history = (await db.TargetChanges.AsNoTracking().Where(c => ids.Contains(c.IndicatorId)).OrderBy(c => c.Id).ToListAsync(ct))
            .ToLookup(c => (c.IndicatorId, c.Code));
        foreach (var row in rows)
        {
            var indicatorId = indicators[row.Indicator].Id;
            if (ChangedByPeopleSince(row, regions[row.Region].Id, [.. history[(indicatorId, row.Code)]]))
                continue;
            if (!targets.TryGetValue((indicatorId, row.Code), out var target))
            {
                target = db.Targets.Add(new Target
                {
                    IndicatorId = indicatorId,
                    Code = row.Code,
                    DocumentEn = "",
                    DocumentZh = "",
                    Source = "",
                    Verified = "",
                }).Entity;
            }

            target.RegionId = regions[row.Region].Id;
            target.Role = row.Role;
            target.Period = row.Period;
            target.Value = row.Value;
            target.Shape = row.Shape;
            target.StatedOn = row.StatedOn;
            target.DocumentEn = row.Document.En;
            target.DocumentZh = row.Document.Zh;
            target.Source = row.Source;
            target.Verified = row.Verified;
            target.Note = row.Note;
        }

        db.ChangeTracker.DetectChanges();
        var changed = db.ChangeTracker.Entries<Target>().Where(e => e.State is EntityState.Added or EntityState.Modified).Select(e => e.Entity).ToList();
        await SaveAsync(ct);
        db.TargetChanges.AddRange(changed.Select(t => TargetChange.Of(t, clock.GetUtcNow(), knownOn: _first ? t.StatedOn : null)));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Whether the package says what it said before, and somebody has decided otherwise since: then that stays.</summary>
    private static bool ChangedByPeopleSince(TargetRow row, int regionId, IReadOnlyList<TargetChange> history) =>
        history is [.., { AuthorId: not null }] && history.LastOrDefault(c => c.AuthorId is null) is { } package
        && (package.RegionId, package.Role, package.Period, package.Value, package.Shape, package.Source)
            == (regionId, row.Role, row.Period, row.Value, row.Shape, row.Source);

    private async Task<int> LoadReadingsAsync(
        IReadOnlyList<ReadingRow> rows, Dictionary<string, Indicator> indicators, Dictionary<string, Region> regions, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"""
            create temporary table incoming_readings (position int, indicator_id int, region_id int, period text, value numeric,
                status text, quality text, source text, note text, published_on date, known_on date,
                created_at timestamptz) on commit drop
            """, ct);

        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var copy = await connection.BeginBinaryImportAsync("copy incoming_readings from stdin (format binary)", ct))
        {
            foreach (var (row, position) in rows.Select((row, i) => (row, i)))
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(position, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(indicators[row.Indicator].Id, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(regions[row.Region].Id, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(row.Period.ToString(), NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Value, NpgsqlDbType.Numeric, ct);
                await copy.WriteAsync(Kebab.Of(row.Status), NpgsqlDbType.Text, ct);
                await copy.WriteAsync(Kebab.Of(row.Quality), NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Source, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Note, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.PublishedOn, NpgsqlDbType.Date, ct);
                await copy.WriteAsync(_first && row.PublishedOn < today ? row.PublishedOn.Value : today, NpgsqlDbType.Date, ct);
                await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, ct);
            }

            await copy.CompleteAsync(ct);
        }

        await db.Database.ExecuteSqlRawAsync(EmbeddedSql.Read("merge-approved-readings"), ct);
        // What had been stated before is gone from the table by now.
        return await db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from incoming_readings").SingleAsync(ct);
    }

    /// <summary>Adds what is wanted and not stored, updates what is both, removes what is no longer wanted.</summary>
    private void Synchronise<T, TKey>(List<T> stored, IEnumerable<T> wanted, Func<T, TKey> key, Action<T, T> update)
        where T : class
        where TKey : notnull
    {
        var left = stored.ToDictionary(key);
        foreach (var row in wanted)
        {
            if (left.Remove(key(row), out var old))
                update(old, row);
            else
                db.Add(row);
        }

        db.RemoveRange(left.Values);
    }

    private async Task SaveAsync(CancellationToken ct) => _changes += await db.SaveChangesAsync(ct);

    private static string PathOf(string code, Dictionary<string, string?> parents)
    {
        var path = "/";
        for (var at = code; at is not null; at = parents[at])
            path = $"/{at}{path}";
        return path;
    }
}
