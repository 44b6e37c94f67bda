using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What is due for a period, from whom and by when.</summary>
public sealed class ReportingRound
{
    public const int CodeLength = 32;
    public const int ReasonLength = 1000;

    public int Id { get; init; }

    public int PlanId { get; init; }

    public Plan? Plan { get; init; }

    public required string Code { get; init; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    public Period Period { get; set; }

    /// <summary>First day (UTC) on which it is asked for.</summary>
    public DateOnly OpensOn { get; set; }

    /// <summary>Last day (UTC); it counts until its end.</summary>
    public DateOnly Deadline { get; set; }

    /// <summary>Nothing is taken after the deadline, save by exception.</summary>
    public bool Locks { get; set; }

    public Guid CreatedById { get; init; }

    public Person? CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on nothing is asked for; where the round locks, its deadline counts as past.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    public List<RoundIndicator> Indicators { get; } = [];

    public List<RoundRegion> Regions { get; } = [];

    public List<RoundException> Exceptions { get; } = [];

    /// <summary>Row version.</summary>
    public uint Version { get; private set; }

    public Bilingual Name => new(NameEn, NameZh);
}

/// <summary>An indicator a round asks for.</summary>
public sealed class RoundIndicator
{
    public int RoundId { get; init; }

    public ReportingRound? Round { get; init; }

    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }
}

/// <summary>A region a round asks, with all below it.</summary>
public sealed class RoundRegion
{
    public int RoundId { get; init; }

    public ReportingRound? Round { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }
}

/// <summary>Somebody, or a region with all below it, that may report after the deadline.</summary>
public sealed class RoundException
{
    public int Id { get; init; }

    public int RoundId { get; init; }

    public ReportingRound? Round { get; init; }

    public Guid? PersonId { get; init; }

    public Person? Person { get; init; }

    public int? RegionId { get; init; }

    public Region? Region { get; init; }

    /// <summary>Last day (UTC) on which it holds.</summary>
    public DateOnly Until { get; set; }

    public required string Reason { get; init; }

    public Guid GrantedById { get; init; }

    public Person? GrantedBy { get; init; }

    public DateTimeOffset GrantedAt { get; init; }
}

public enum ReminderState
{
    /// <summary>To be sent.</summary>
    Waiting,

    /// <summary>Somebody is sending it. Where this stays, the process ended in between, and nobody knows whether it arrived.</summary>
    Sending,
    Sent,

    /// <summary>Not accepted; tried again while there is a time for it.</summary>
    Failed,

    /// <summary>The connection broke when the mail was on its way: it may have arrived, so it is not sent again.</summary>
    Unknown,

    /// <summary>There was nothing left to remind of.</summary>
    Dropped,
}

/// <summary>One mail to one person about one round; its key makes it one at most.</summary>
public sealed class Reminder
{
    public const int ErrorLength = 500;

    public long Id { get; init; }

    public int RoundId { get; init; }

    public ReportingRound? Round { get; init; }

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public ReminderKind Kind { get; init; }

    /// <summary>The day it fell due; when an administrator asked, that day.</summary>
    public DateOnly DueOn { get; init; }

    public ReminderState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>When it is to be tried; none when that is over.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; set; }
}

internal sealed class ReportingRoundMapping :
    IEntityTypeConfiguration<ReportingRound>, IEntityTypeConfiguration<RoundIndicator>, IEntityTypeConfiguration<RoundRegion>,
    IEntityTypeConfiguration<RoundException>, IEntityTypeConfiguration<Reminder>
{
    public void Configure(EntityTypeBuilder<ReportingRound> round)
    {
        round.Property(r => r.Code).HasMaxLength(ReportingRound.CodeLength);
        round.Property(r => r.NameEn).HasMaxLength(Plan.NameLength);
        round.Property(r => r.NameZh).HasMaxLength(Plan.NameLength);
        round.Property(r => r.Version).IsRowVersion();
        round.Ignore(r => r.Name);
        round.HasOne(r => r.Plan).WithMany().HasForeignKey(r => r.PlanId);
        round.HasOne(r => r.CreatedBy).WithMany().HasForeignKey(r => r.CreatedById).OnDelete(DeleteBehavior.Restrict);
        round.HasIndex(r => new { r.PlanId, r.Code }).IsUnique().HasDatabaseName(OneCode);
        round.HasIndex(r => r.Period);
        round.ToTable(t => t.HasCheckConstraint("ck_reporting_rounds_days", "period_end(period) < opens_on and opens_on <= deadline"));
    }

    /// <summary>Two rounds of a plan have not the same code.</summary>
    public const string OneCode = "ux_reporting_rounds_one_code";

    public void Configure(EntityTypeBuilder<RoundIndicator> indicator)
    {
        indicator.HasKey(i => new { i.RoundId, i.IndicatorId });
        indicator.HasOne(i => i.Round).WithMany(r => r.Indicators).HasForeignKey(i => i.RoundId);
        indicator.HasOne(i => i.Indicator).WithMany().HasForeignKey(i => i.IndicatorId);
    }

    public void Configure(EntityTypeBuilder<RoundRegion> region)
    {
        region.HasKey(r => new { r.RoundId, r.RegionId });
        region.HasOne(r => r.Round).WithMany(r => r.Regions).HasForeignKey(r => r.RoundId);
        region.HasOne(r => r.Region).WithMany().HasForeignKey(r => r.RegionId);
    }

    public void Configure(EntityTypeBuilder<RoundException> exception)
    {
        exception.Property(e => e.Reason).HasMaxLength(ReportingRound.ReasonLength);
        exception.HasOne(e => e.Round).WithMany(r => r.Exceptions).HasForeignKey(e => e.RoundId);
        exception.HasOne(e => e.Person).WithMany().HasForeignKey(e => e.PersonId);
        exception.HasOne(e => e.Region).WithMany().HasForeignKey(e => e.RegionId);
        exception.HasOne(e => e.GrantedBy).WithMany().HasForeignKey(e => e.GrantedById).OnDelete(DeleteBehavior.Restrict);
        exception.ToTable(t => t.HasCheckConstraint("ck_round_exceptions_one", "(person_id is null) <> (region_id is null)"));
    }

    public void Configure(EntityTypeBuilder<Reminder> reminder)
    {
        reminder.Property(r => r.Error).HasMaxLength(Reminder.ErrorLength);
        reminder.HasOne(r => r.Round).WithMany().HasForeignKey(r => r.RoundId);
        reminder.HasOne(r => r.Person).WithMany().HasForeignKey(r => r.PersonId);
        reminder.HasIndex(r => new { r.RoundId, r.PersonId, r.Kind, r.DueOn }).IsUnique();
        reminder.HasIndex(r => r.NextAttemptAt).HasFilter("next_attempt_at is not null");
    }
}
