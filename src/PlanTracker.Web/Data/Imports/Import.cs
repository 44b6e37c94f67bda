using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

public enum ImportState
{
    /// <summary>The file is kept; nobody has said yet what its columns mean.</summary>
    Received,

    /// <summary>To be read and held against what stands; nothing counts.</summary>
    Reading,

    /// <summary>The change set can be looked at.</summary>
    Ready,

    /// <summary>To be written, all or nothing.</summary>
    Applying,
    Applied,

    /// <summary>To be taken back.</summary>
    Reverting,
    Reverted,

    /// <summary>It could not be read as a table at all.</summary>
    Refused,
    Cancelled,

    /// <summary>A corrected file took its place.</summary>
    Replaced,
}

/// <summary>A file of figures on its way to become readings: what it is, how far it is, and what it would change.</summary>
public sealed class Import
{
    /// <summary>The largest file taken, in bytes. A million rows with their sources take about a third of it.</summary>
    public const int MostBytes = 256 << 20;

    public const int FileNameLength = 255;
    public const int SheetLength = 100;

    /// <summary>Bytes of a file kept in one row.</summary>
    public const int ChunkBytes = 1 << 20;

    public int Id { get; init; }

    public int PlanId { get; init; }

    public Plan? Plan { get; init; }

    /// <summary>Who brought the file: the author of every figure in it.</summary>
    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string FileName { get; init; }

    public long Size { get; init; }

    public required byte[] Sha256 { get; init; }

    public FileFormat Format { get; init; }

    /// <summary>How the text is encoded; empty for a workbook.</summary>
    public FileEncoding? Encoding { get; set; }

    /// <summary>What stands between fields; empty for a workbook.</summary>
    public Separator? Separator { get; set; }

    /// <summary>Name of the worksheet read; empty for a text file.</summary>
    public string? Sheet { get; set; }

    /// <summary>The names of its columns, as they stand in the file.</summary>
    public string[] Header { get; set; } = [];

    /// <summary>What each column means, in their order.</summary>
    public ColumnUse[] Columns { get; set; } = [];

    /// <summary>What every row is about that names none itself.</summary>
    public string? Indicator { get; set; }

    public string? Region { get; set; }

    public string? Period { get; set; }

    /// <summary>Where the figures stand that name no source of their own.</summary>
    public string? Source { get; set; }

    /// <summary>Why questioned figures are right that say nothing of their own.</summary>
    public string? Explanation { get; set; }

    public ImportState State { get; set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesDone { get; set; }

    /// <summary>Rows done in the present step.</summary>
    public int RowsDone { get; set; }

    /// <summary>How often the file has been read to its end: who says that it counts has looked at the change set of one of these times.</summary>
    public int TimesRead { get; set; }

    /// <summary>Figures found in the file; empty until it is read.</summary>
    public int? Rows { get; set; }

    public int New { get; set; }

    public int Changed { get; set; }

    public int Same { get; set; }

    public int Blank { get; set; }

    public int Errors { get; set; }

    /// <summary>New and changed figures that are questioned.</summary>
    public int Questioned { get; set; }

    /// <summary>Of these, those that do not say themselves why they are right.</summary>
    public int Unexplained { get; set; }

    /// <summary>Why the file could not be read as a table.</summary>
    public FileFaultKind? Fault { get; set; }

    public int? FaultLine { get; set; }

    public int? FaultColumn { get; set; }

    public string? FaultDetail { get; set; }

    public bool CancelAsked { get; set; }

    /// <summary>How often a process has begun the step under way; more than once: the one before was broken off.</summary>
    public int Attempts { get; set; }

    /// <summary>When a step was taken up again that had been broken off by the end of the application or of the database, or was given up.</summary>
    public DateTimeOffset? InterruptedAt { get; set; }

    /// <summary>It was broken off because a disk was full: the database's, or the one of temporary files.</summary>
    public bool OutOfRoom { get; set; }

    /// <summary>The change set was held anew against what stands because something had changed since.</summary>
    public bool Overtaken { get; set; }

    public DateTimeOffset? AppliedAt { get; set; }

    /// <summary>Who said that it counts; another than <see cref="PersonId"/> if and only if the figures were approved in the same step.</summary>
    public Guid? AppliedById { get; set; }

    public Person? AppliedBy { get; init; }

    public DateTimeOffset? RevertedAt { get; set; }

    public Guid? RevertedById { get; set; }

    public Person? RevertedBy { get; init; }

    public string? RevertReason { get; set; }

    /// <summary>Figures that a revert left alone because they had been changed since.</summary>
    public int Kept { get; set; }

    /// <summary>The corrected file that took its place.</summary>
    public int? ReplacedById { get; set; }

    public bool IsUnderWay => State is ImportState.Reading or ImportState.Applying or ImportState.Reverting;

    /// <summary>All of it can be applied.</summary>
    public bool CanBeApplied => State == ImportState.Ready && Errors == 0 && New + Changed > 0;
}

/// <summary>A piece of a file.</summary>
public sealed class ImportChunk
{
    public int ImportId { get; init; }

    /// <summary>From 0.</summary>
    public int Number { get; init; }

    public required byte[] Content { get; init; }
}

public enum RowVerdict
{
    /// <summary>Nothing stands there yet.</summary>
    New,

    /// <summary>Something else stands there.</summary>
    Changed,

    /// <summary>Exactly this stands there.</summary>
    Same,

    /// <summary>The file states nothing there, and nothing is erased.</summary>
    Blank,
    Error,
}

/// <summary>One figure of a file, and what it would change.</summary>
public sealed class ImportRow
{
    public const int TypedLength = 200;

    public int ImportId { get; init; }

    /// <summary>Order in the file, from 1.</summary>
    public int Position { get; init; }

    /// <summary>Line of the text file on which its row begins, or row of the worksheet.</summary>
    public int Line { get; init; }

    /// <summary>Column of the figure, or of what is wrong, from 1; 0: the whole row.</summary>
    public int Column { get; init; }

    public int? IndicatorId { get; init; }

    public int? RegionId { get; init; }

    public Period? Period { get; init; }

    public decimal? Value { get; init; }

    /// <summary>Empty: the file does not say.</summary>
    public ObservationStatus? Status { get; init; }

    public string? Note { get; init; }

    public string? Source { get; init; }

    public string? Explanation { get; init; }

    public RowVerdict Verdict { get; init; }

    /// <summary>What is questioned: names of <see cref="Warning"/>, separated by blanks.</summary>
    public string? Questions { get; init; }

    public RowFault? Fault { get; init; }

    /// <summary>What the file says where the fault is, cut at <see cref="TypedLength"/>.</summary>
    public string? Typed { get; init; }

    /// <summary>What the fault is measured against: a bound, a number of decimals, the row in which the same figure stands.</summary>
    public decimal? Limit { get; init; }

    /// <summary>Number of the last revision of the cell when it was looked at; 0 for none.</summary>
    public int BasedOn { get; init; }

    /// <summary>What stands, or waits for review, in the place of which it would come.</summary>
    public decimal? Before { get; init; }

    public ObservationStatus? StatusBefore { get; init; }

    /// <summary>What stands waits for review.</summary>
    public bool Waits { get; init; }
}

internal sealed class ImportMapping : IEntityTypeConfiguration<Import>, IEntityTypeConfiguration<ImportChunk>, IEntityTypeConfiguration<ImportRow>
{
    public void Configure(EntityTypeBuilder<Import> import)
    {
        import.Property(i => i.FileName).HasMaxLength(Import.FileNameLength);
        import.Property(i => i.Sheet).HasMaxLength(Import.SheetLength);
        import.Property(i => i.Indicator).HasMaxLength(Plan.NameLength);
        import.Property(i => i.Region).HasMaxLength(Plan.NameLength);
        import.Property(i => i.Period).HasMaxLength(7);
        import.Property(i => i.Source).HasMaxLength(ReadingRevision.SourceLength);
        import.Property(i => i.Explanation).HasMaxLength(ReadingRevision.ReasonLength);
        import.Property(i => i.RevertReason).HasMaxLength(ReadingRevision.ReasonLength);
        import.Property(i => i.FaultDetail).HasMaxLength(ImportRow.TypedLength);
        import.PrimitiveCollection(i => i.Columns).ElementType().HasConversion<PlanDbContext.KebabConverter<ColumnUse>>();
        import.HasOne(i => i.Plan).WithMany().HasForeignKey(i => i.PlanId);
        import.HasOne(i => i.Person).WithMany().HasForeignKey(i => i.PersonId);
        import.HasOne(i => i.AppliedBy).WithMany().HasForeignKey(i => i.AppliedById);
        import.HasOne(i => i.RevertedBy).WithMany().HasForeignKey(i => i.RevertedById);
        import.HasOne<Import>().WithMany().HasForeignKey(i => i.ReplacedById);
        import.HasIndex(i => new { i.PlanId, i.PersonId, i.Id });
        import.HasIndex(i => i.State).HasFilter("state in ('reading', 'applying', 'reverting')").HasDatabaseName("ix_imports_under_way");
        import.Ignore(i => i.IsUnderWay);
        import.Ignore(i => i.CanBeApplied);
        import.ToTable("imports");
    }

    public void Configure(EntityTypeBuilder<ImportChunk> chunk)
    {
        chunk.HasKey(c => new { c.ImportId, c.Number });
        chunk.HasOne<Import>().WithMany().HasForeignKey(c => c.ImportId);
        chunk.ToTable("import_chunks");
    }

    public void Configure(EntityTypeBuilder<ImportRow> row)
    {
        row.HasKey(r => new { r.ImportId, r.Position });
        row.Property(r => r.Questions).HasMaxLength(100);
        row.Property(r => r.Typed).HasMaxLength(ImportRow.TypedLength);
        // Neither import nor cell is held by a key: rows come and go by the million, and what counts is looked up again before it is written.
        row.HasIndex(r => new { r.ImportId, r.Position }).HasFilter("verdict = 'error'").HasDatabaseName("ix_import_rows_errors");
        row.HasIndex(r => new { r.ImportId, r.Position }).HasFilter("questions is not null").HasDatabaseName("ix_import_rows_questioned");
        row.ToTable("import_rows");
    }
}
