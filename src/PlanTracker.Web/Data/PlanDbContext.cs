using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>Everything PlanTracker keeps.</summary>
public sealed class PlanDbContext(DbContextOptions<PlanDbContext> options)
    : IdentityDbContext<Person, IdentityRole<Guid>, Guid>(options), IDataProtectionKeyContext
{
    public DbSet<Plan> Plans => Set<Plan>();

    public DbSet<PlanElement> Elements => Set<PlanElement>();

    public DbSet<ElementLink> ElementLinks => Set<ElementLink>();

    public DbSet<Milestone> Milestones => Set<Milestone>();

    public DbSet<ProgressReport> ProgressReports => Set<ProgressReport>();

    public DbSet<ReportFile> ReportFiles => Set<ReportFile>();

    public DbSet<EvidenceFile> EvidenceFiles => Set<EvidenceFile>();

    public DbSet<Region> Regions => Set<Region>();

    public DbSet<RegionMembership> RegionMemberships => Set<RegionMembership>();

    public DbSet<Department> Departments => Set<Department>();

    public DbSet<Assignment> Assignments => Set<Assignment>();

    public DbSet<Indicator> Indicators => Set<Indicator>();

    public DbSet<IndicatorElement> IndicatorElements => Set<IndicatorElement>();

    public DbSet<Target> Targets => Set<Target>();

    public DbSet<TargetChange> TargetChanges => Set<TargetChange>();

    public DbSet<Reading> Readings => Set<Reading>();

    public DbSet<ReadingRevision> Revisions => Set<ReadingRevision>();

    public DbSet<ReadingDraft> Drafts => Set<ReadingDraft>();

    public DbSet<ReadingComment> Comments => Set<ReadingComment>();

    public DbSet<Import> Imports => Set<Import>();

    public DbSet<ImportChunk> ImportChunks => Set<ImportChunk>();

    public DbSet<ImportRow> ImportRows => Set<ImportRow>();

    public DbSet<Standing> Standings => Set<Standing>();

    public DbSet<ReportingRound> ReportingRounds => Set<ReportingRound>();

    public DbSet<RoundIndicator> RoundIndicators => Set<RoundIndicator>();

    public DbSet<RoundRegion> RoundRegions => Set<RoundRegion>();

    public DbSet<RoundException> RoundExceptions => Set<RoundException>();

    public DbSet<Reminder> Reminders => Set<Reminder>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<ScopeGrant> ScopeGrants => Set<ScopeGrant>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<PersonSession> Sessions => Set<PersonSession>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<ApiSubmission> ApiSubmissions => Set<ApiSubmission>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>PostgreSQL's <c>normalize</c>, for queries only. <c>NFKC</c> makes full-width letters, digits and punctuation plain ones.</summary>
    public static string Normalize(string text, string form) => throw new NotSupportedException();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PlanDbContext).Assembly);

        // With its schema: the bare name is a keyword and takes the form as another one.
        builder.HasDbFunction(() => Normalize("", "")).HasSchema("pg_catalog").HasName("normalize");

        builder.Entity<PlanElement>().ToTable("plan_elements");
        builder.Entity<ReadingRevision>().ToTable("reading_revisions");
        builder.Entity<ReadingDraft>().ToTable("reading_drafts");
        builder.Entity<ReadingComment>().ToTable("reading_comments");
        builder.Entity<IdentityRole<Guid>>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("person_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("person_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("person_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("person_tokens");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("person_passkeys");
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<Period>().HaveConversion<PeriodConverter>().HaveMaxLength(7);
        conventions.Properties<decimal>().HaveColumnType("numeric");
        Stored<ElementKind>();
        Stored<TitleBasis>();
        Stored<RegionKind>();
        Stored<GroupType>();
        Stored<AssignmentRole>();
        Stored<Measure>();
        Stored<Aggregation>();
        Stored<ReportedBy>();
        Stored<Better>();
        Stored<Frequency>();
        Stored<TargetRole>();
        Stored<PathShape>();
        Stored<ObservationStatus>();
        Stored<Quality>();
        Stored<RevisionState>();
        Stored<Status>();
        Stored<Stage>();
        Stored<DeliveryConfidence>();
        Stored<NoJudgementReason>();
        Stored<Agreement>();
        Stored<Language>();
        Stored<ReminderKind>();
        Stored<ReminderState>();
        Stored<ImportState>();
        Stored<FileFormat>();
        Stored<FileEncoding>();
        Stored<Separator>();
        Stored<FileFaultKind>();
        Stored<RowVerdict>();
        Stored<RowFault>();
        Stored<TokenAccess>();

        void Stored<T>()
            where T : struct, Enum =>
            conventions.Properties<T>().HaveConversion<KebabConverter<T>>().HaveMaxLength(32);
    }

    private sealed class PeriodConverter() : ValueConverter<Period, string>(p => p.ToString(), s => Period.Parse(s));

    internal sealed class KebabConverter<T>() : ValueConverter<T, string>(v => Kebab.Of(v), s => Kebab.Parse<T>(s))
        where T : struct, Enum;
}
