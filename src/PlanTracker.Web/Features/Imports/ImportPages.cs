using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Imports;

/// <summary>An import as somebody sees it.</summary>
/// <param name="Import">What is seen.</param>
/// <param name="IsOwn">The person has brought it.</param>
/// <param name="MayEnter">And still may bring figures.</param>
/// <param name="MayReview">The person reviews all of it.</param>
public sealed record SeenImport(Import Import, bool IsOwn, bool MayEnter, bool MayReview);

public sealed record ImportLine(int Id, string FileName, DateTimeOffset CreatedAt, string Person, ImportState State, int? Rows, int New, int Changed, int Errors, int Waiting);

public sealed record ImportsPage
{
    public required bool MayBring { get; init; }

    public required IReadOnlyList<ImportLine> Own { get; init; }

    /// <summary>Brought by others, to be approved or returned, or looked at.</summary>
    public required IReadOnlyList<ImportLine> Others { get; init; }

    public FileRefusedException? Refused { get; init; }

    public string? RefusedName { get; init; }
}

/// <summary>Which rows of a change set, and from which on.</summary>
public sealed record ChangeSetFilter
{
    public const string Questioned = "questioned";

    /// <summary>A verdict, or <see cref="Questioned"/>; empty: all.</summary>
    public string? Show { get; init; }

    /// <summary>Position of the last row of the page before.</summary>
    public int After { get; init; }
}

public sealed record ChangeSetRow(ImportRow Row, string? IndicatorCode, Bilingual? Indicator, Bilingual? Unit, string? RegionCode, Bilingual? Region);

/// <summary>A figure that was changed after the import wrote it.</summary>
public sealed record LaterChange(string IndicatorCode, Bilingual Indicator, string RegionCode, Bilingual Region, Period Period, decimal? Value, RevisionState State, string? Author, DateTimeOffset At);

public sealed record ImportPage
{
    public const int RowsOnPage = 100;
    public const int MostLater = 20;

    public required SeenImport Seen { get; init; }

    public Import Import => Seen.Import;

    public required ChangeSetFilter Filter { get; init; }

    /// <summary>What the columns mean, as proposed or as last stated.</summary>
    public required ColumnPlan Columns { get; init; }

    /// <summary>The first rows, while the columns are to be confirmed.</summary>
    public TableShape? Shape { get; init; }

    public FileRefusedException? ShapeFault { get; init; }

    public ColumnFault? ColumnFault { get; init; }

    public ImportFault? Fault { get; init; }

    public IReadOnlyList<ChangeSetRow> Rows { get; init; } = [];

    public bool HasMore { get; init; }

    /// <summary>The same bytes were brought before.</summary>
    public ImportLine? Before { get; init; }

    /// <summary>Figures of an applied import by state.</summary>
    public IReadOnlyDictionary<RevisionState, int> States { get; init; } = new Dictionary<RevisionState, int>();

    /// <summary>How many of its figures have been changed since, which a revert leaves alone, and the first of them.</summary>
    public int LaterCount { get; init; }

    public IReadOnlyList<LaterChange> Later { get; init; } = [];
}

/// <summary>What the page's columns form states.</summary>
public sealed record ColumnForm
{
    public ColumnUse[] Column { get; init; } = [];

    public string? Indicator { get; init; }

    public string? Region { get; init; }

    public string? Period { get; init; }

    public string? Source { get; init; }

    public ColumnPlan ToPlan() => new() { Columns = Column, Indicator = Indicator, Region = Region, Period = Period, Source = Source };
}

/// <summary>How far an import is.</summary>
/// <param name="State">Its state, in its written form.</param>
/// <param name="Done">Of the present step: bytes read, then rows judged; or rows written.</param>
/// <param name="All">What <paramref name="Done"/> goes up to; empty while that is not known.</param>
/// <param name="Unit"><c>bytes</c> or <c>rows</c>.</param>
/// <param name="Rows">Figures found, judged or written so far.</param>
public sealed record ImportProgress(string State, long Done, long? All, string Unit, int Rows)
{
    public static ImportProgress Of(Import import)
    {
        ArgumentNullException.ThrowIfNull(import);
        var state = Kebab.Of(import.State);
        return import.State switch
        {
            ImportState.Reading when import.BytesDone < import.Size => new(state, import.BytesDone, import.Size, "bytes", import.RowsDone),
            ImportState.Reading => new(state, import.RowsDone, import.Rows, "rows", import.RowsDone),
            ImportState.Applying => new(state, import.RowsDone, import.New + import.Changed, "rows", import.RowsDone),
            _ => new(state, 0, null, "rows", import.RowsDone),
        };
    }
}

public static class ImportPageQueries
{
    private const int ListLength = 50;

    public static async Task<ImportsPage> ImportsPageAsync(this PlanDbContext db, CurrentPlan plan, ClaimsPrincipal user, CancellationToken ct)
    {
        var id = user.Id();
        var imports = db.Imports.Where(i => i.PlanId == plan.Id);
        return new ImportsPage
        {
            MayBring = user.IsInRole(Roles.Reporter),
            Own = await Lines(imports.Where(i => i.PersonId == id), db).Take(ListLength).ToListAsync(ct),
            Others = user.IsInRole(Roles.Reviewer) ? await Lines(db.ReviewableImports(imports, id), db).Take(ListLength).ToListAsync(ct) : [],
        };
    }

    /// <summary>The import, if the person has brought it or reviews all of it.</summary>
    public static async Task<SeenImport?> ImportOfAsync(this PlanDbContext db, CurrentPlan plan, int id, ClaimsPrincipal user, ImportStore store, CancellationToken ct)
    {
        var import = await db.Imports.AsNoTracking().Include(i => i.Person).Include(i => i.AppliedBy).Include(i => i.RevertedBy)
            .SingleOrDefaultAsync(i => i.Id == id && i.PlanId == plan.Id, ct);
        if (import is null)
            return null;
        if (import.PersonId == user.Id())
            return new SeenImport(import, IsOwn: true, user.IsInRole(Roles.Reporter), MayReview: false);
        var shown = user.IsInRole(Roles.Reviewer)
            && (import.State is ImportState.Applying or ImportState.Applied or ImportState.Reverting or ImportState.Reverted || import is { State: ImportState.Ready, Errors: 0 });
        return shown && await store.ReachesAsync(import, user.Id(), ct) ? new SeenImport(import, IsOwn: false, MayEnter: false, MayReview: true) : null;
    }

    public static async Task<ImportPage> ImportPageAsync(this PlanDbContext db, CurrentPlan plan, SeenImport seen, ChangeSetFilter filter, CancellationToken ct)
    {
        var import = seen.Import;
        var page = new ImportPage
        {
            Seen = seen,
            Filter = filter,
            Columns = new ColumnPlan { Columns = import.Columns, Indicator = import.Indicator, Region = import.Region, Period = import.Period, Source = import.Source },
            Before = seen.IsOwn ? await Lines(db.Imports.Where(i => i.PlanId == import.PlanId && i.PersonId == import.PersonId && i.Id < import.Id && i.Sha256 == import.Sha256), db)
                .FirstOrDefaultAsync(ct) : null,
        };
        page = import.State == ImportState.Received ? await db.WithFirstRowsAsync(page, ct) : page;
        page = import.State is ImportState.Applied or ImportState.Reverting or ImportState.Reverted ? await db.WithOutcomeAsync(plan.Reader, page, ct) : page;
        return import.Rows is null || import.IsUnderWay || import.State == ImportState.Received ? page : await db.WithRowsAsync(plan.Reader, page, ct);
    }

    private static async Task<ImportPage> WithFirstRowsAsync(this PlanDbContext db, ImportPage page, CancellationToken ct)
    {
        // The first pieces hold more rows than are shown; a workbook is read by its end, where its list of parts stands.
        var import = page.Import;
        var chunks = db.ImportChunks.AsNoTracking().Where(c => c.ImportId == import.Id).OrderBy(c => c.Number).Select(c => c.Content);
        await using var file = TemporaryFile.Create();
        await foreach (var chunk in (import.Format == FileFormat.Text ? chunks.Take(1) : chunks).AsAsyncEnumerable().WithCancellation(ct))
            await file.WriteAsync(chunk, ct);
        file.Position = 0;
        return page with { Shape = TableShape.FirstRowsOf(file, import) };
    }

    private static async Task<ImportPage> WithOutcomeAsync(this PlanDbContext db, Reader reader, ImportPage page, CancellationToken ct)
    {
        var written = db.Revisions.Where(v => v.ImportId == page.Import.Id);
        if (reader.IsLimited)
        {
            // What became of figures in places that are not the person's any more is not theirs to see.
            var readable = db.ReadableCells(reader);
            written = written.Where(v => readable.Any(c => c.Indicator.Id == v.Reading!.IndicatorId && c.Region.Id == v.Reading.RegionId));
        }

        var later = written.Where(v => v.Reading!.LastNumber > v.Number && v.State != RevisionState.Withdrawn && v.State != RevisionState.Reverted);
        return page with
        {
            States = await written.GroupBy(v => v.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct),
            LaterCount = await later.CountAsync(ct),
            Later = await (
                from v in later
                join last in db.Revisions on new { v.ReadingId, Number = v.Reading!.LastNumber } equals new { last.ReadingId, last.Number }
                let r = v.Reading!
                orderby r.Indicator!.Position, r.Region!.Position, r.PeriodEnd
                select new LaterChange(
                    r.Indicator!.Code, new Bilingual(r.Indicator.NameEn, r.Indicator.NameZh), r.Region!.Code,
                    new Bilingual(r.Region.ShortEn, r.Region.ShortZh), r.Period, last.Value, last.State, last.Author!.DisplayName, last.CreatedAt))
                .Take(ImportPage.MostLater).ToListAsync(ct),
        };
    }

    private static async Task<ImportPage> WithRowsAsync(this PlanDbContext db, Reader reader, ImportPage page, CancellationToken ct)
    {
        var rows = db.ImportRows.AsNoTracking().Where(r => r.ImportId == page.Import.Id && r.Position > page.Filter.After);
        if (reader.IsLimited && !page.Seen.IsOwn)
        {
            // What would be written lies in the scope of whoever reviews; what is blank or says nothing new may lie anywhere.
            var readable = db.ReadableCells(reader);
            rows = rows.Where(r => readable.Any(c => c.Indicator.Id == r.IndicatorId && c.Region.Id == r.RegionId));
        }

        rows = page.Filter.Show switch
        {
            ChangeSetFilter.Questioned => rows.Where(r => r.Questions != null),
            { Length: > 0 } show when Kebab.TryParse<RowVerdict>(show, out var verdict) => rows.Where(r => r.Verdict == verdict),
            _ => rows,
        };
        var found = await (
            from row in rows
            join i in db.Indicators on row.IndicatorId equals i.Id into indicators
            from i in indicators.DefaultIfEmpty()
            join g in db.Regions on row.RegionId equals g.Id into regions
            from g in regions.DefaultIfEmpty()
            orderby row.Position
            select new ChangeSetRow(
                row, i == null ? null : i.Code, i == null ? null : new Bilingual(i.NameEn, i.NameZh), i == null ? null : new Bilingual(i.UnitEn ?? "", i.UnitZh ?? ""),
                g == null ? null : g.Code, g == null ? null : new Bilingual(g.ShortEn, g.ShortZh)))
            .Take(ImportPage.RowsOnPage + 1).ToListAsync(ct);
        return page with { Rows = [.. found.Take(ImportPage.RowsOnPage)], HasMore = found.Count > ImportPage.RowsOnPage };
    }

    private static IQueryable<ImportLine> Lines(IQueryable<Import> imports, PlanDbContext db) =>
        from i in imports
        orderby i.Id descending
        select new ImportLine(
            i.Id, i.FileName, i.CreatedAt, i.Person!.DisplayName, i.State, i.Rows, i.New, i.Changed, i.Errors,
            db.Revisions.Count(v => v.ImportId == i.Id && v.State == RevisionState.Submitted));

    /// <summary>Imports of others that are read, and of which no figure lies outside the person's scope.</summary>
    private static IQueryable<Import> ReviewableImports(this PlanDbContext db, IQueryable<Import> imports, Guid personId)
    {
        var scope = db.CellsInScope(personId);
        return imports.Where(i => i.PersonId != personId
            && ((i.State == ImportState.Ready && i.Errors == 0 && i.New + i.Changed > 0
                    && !db.ImportRows.Any(r => r.ImportId == i.Id && (r.Verdict == RowVerdict.New || r.Verdict == RowVerdict.Changed)
                        && !scope.Any(c => c.Indicator.Id == r.IndicatorId && c.Region.Id == r.RegionId)))
                || ((i.State == ImportState.Applied || i.State == ImportState.Reverted)
                    && !db.Revisions.Any(v => v.ImportId == i.Id
                        && !scope.Any(c => c.Indicator.Id == v.Reading!.IndicatorId && c.Region.Id == v.Reading.RegionId)))));
    }
}
