using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A round as an administrator states it; period and days as they were typed.</summary>
public sealed record StatedRound
{
    public required int PlanId { get; init; }

    public required string Code { get; init; }

    public required string NameEn { get; init; }

    public required string NameZh { get; init; }

    public required string Period { get; init; }

    public required string OpensOn { get; init; }

    public required string Deadline { get; init; }

    public required bool Locks { get; init; }

    public required IReadOnlyCollection<string> Indicators { get; init; }

    public required IReadOnlyCollection<string> Regions { get; init; }

    /// <summary>Why it is changed; nothing for a new one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The version the person saw; nothing for a new one.</summary>
    public uint? BasedOn { get; init; }
}

public enum RoundFaultKind
{
    CodeWrong,
    CodeTaken,

    /// <summary>No name in either language, or one that is too long or cannot be kept.</summary>
    NameMissing,
    PeriodWrong,
    OpensOnWrong,
    DeadlineWrong,

    /// <summary>Figures of a period can be entered from the day after it.</summary>
    OpensBeforePeriodEnds,
    DeadlineBeforePeriodEnds,
    DeadlineBeforeOpening,
    NoIndicator,
    NoRegion,

    /// <summary>No indicator has one of these codes.</summary>
    UnknownIndicator,

    /// <summary>No region has one of these codes, or it is a grouping.</summary>
    UnknownRegion,

    /// <summary>Indicators that are reported for periods of another length.</summary>
    OtherFrequency,

    /// <summary>Indicators that none of the chosen regions reports.</summary>
    NobodyReports,
    ReasonMissing,

    /// <summary>Somebody has changed the round since it was shown.</summary>
    Conflict,
    Closed,
    UntilWrong,
    UntilPast,

    /// <summary>An exception is for a person or for a region, and both must be known.</summary>
    ForNobody,
    NotFound,
}

/// <summary>What is wrong with a round, and what it speaks of: a code, a list of them, or a day.</summary>
public sealed record RoundFault(RoundFaultKind Kind, string Text = "");

/// <summary>An exception as an administrator grants it: to the person of that sign-in name, or to a region.</summary>
public sealed record StatedException(string? Person, string? Region, string Until, string Reason);

/// <summary>Opens, changes and closes reporting rounds: the round and the audit event in one transaction.</summary>
public sealed class RoundStore(PlanDbContext db, TimeProvider clock)
{
    private const string Written = "yyyy-MM-dd";

    /// <summary>A round's events stand under this subject.</summary>
    public static string SubjectOf(string plan, string round) => $"round/{plan}/{round}";

    /// <returns>Why the round was not opened; empty when it was.</returns>
    public async Task<IReadOnlyList<RoundFault>> CreateAsync(StatedRound stated, Guid authorId, CancellationToken ct)
    {
        var (faults, read) = await ReadAsync(stated, ct);
        if (!IsCode(stated.Code))
            faults.Insert(0, new RoundFault(RoundFaultKind.CodeWrong, stated.Code));
        else if (await db.ReportingRounds.AnyAsync(r => r.PlanId == stated.PlanId && r.Code == stated.Code, ct))
            faults.Insert(0, new RoundFault(RoundFaultKind.CodeTaken, stated.Code));
        if (faults.Count > 0)
            return faults;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var round = db.ReportingRounds.Add(new ReportingRound
        {
            PlanId = stated.PlanId,
            Code = stated.Code,
            NameEn = "",
            NameZh = "",
            CreatedById = authorId,
            CreatedAt = clock.GetUtcNow(),
        }).Entity;
        Write(round, read!);
        // Its version tells the next one also of regions and indicators, which have rows of their own.
        db.Entry(round).Property(r => r.NameEn).IsModified = true;
        await RecordAsync("round.created", round, authorId, new { now = FactsOf(read!) }, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException taken) when (taken.InnerException is PostgresException { ConstraintName: ReportingRoundMapping.OneCode })
        {
            return [new RoundFault(RoundFaultKind.CodeTaken, stated.Code)];
        }

        await transaction.CommitAsync(ct);
        return [];
    }

    public async Task<IReadOnlyList<RoundFault>> ChangeAsync(StatedRound stated, Guid authorId, CancellationToken ct)
    {
        var (faults, read) = await ReadAsync(stated, ct);
        if (!Fits(stated.Reason, ReportingRound.ReasonLength))
            faults.Add(new RoundFault(RoundFaultKind.ReasonMissing));
        if (faults.Count > 0)
            return faults;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await LockedAsync(stated.PlanId, stated.Code, ct) is not { } round)
            return [new RoundFault(RoundFaultKind.NotFound)];
        if (round.ClosedAt is not null)
            return [new RoundFault(RoundFaultKind.Closed)];
        if (round.Version != stated.BasedOn)
            return [new RoundFault(RoundFaultKind.Conflict)];

        var was = FactsOf(await ReadRoundAsync(round, ct));
        Write(round, read!);
        // Its version tells the next one also of regions and indicators, which have rows of their own.
        db.Entry(round).Property(r => r.NameEn).IsModified = true;
        await RecordAsync("round.changed", round, authorId, new { was, now = FactsOf(read!), reason = stated.Reason.Trim() }, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [];
    }

    /// <summary>Closes a round: nothing is asked for any more. A second time it has no effect.</summary>
    public async Task<RoundFault?> CloseAsync(int planId, string code, Guid authorId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await LockedAsync(planId, code, ct) is not { } round)
            return new RoundFault(RoundFaultKind.NotFound);
        if (round.ClosedAt is not null)
        {
            await transaction.ConfirmAsync(db, ct);
            return null;
        }

        round.ClosedAt = clock.GetUtcNow();
        await RecordAsync("round.closed", round, authorId, new { }, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    public async Task<IReadOnlyList<RoundFault>> GrantAsync(int planId, string code, StatedException stated, Guid authorId, CancellationToken ct)
    {
        var faults = new List<RoundFault>();
        if (!TryReadDay(stated.Until, out var until))
            faults.Add(new RoundFault(RoundFaultKind.UntilWrong, stated.Until));
        else if (until < Today)
            faults.Add(new RoundFault(RoundFaultKind.UntilPast, Text(Today)));
        if (!Fits(stated.Reason, ReportingRound.ReasonLength))
            faults.Add(new RoundFault(RoundFaultKind.ReasonMissing));

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await LockedAsync(planId, code, ct) is not { } round)
            return [new RoundFault(RoundFaultKind.NotFound)];
        var person = stated.Person is null ? null : await db.Users.FirstOrDefaultAsync(p => p.UserName == stated.Person && !p.Disabled, ct);
        var region = stated.Region is null ? null : await db.Regions.FirstOrDefaultAsync(r => r.Code == stated.Region && r.Kind != RegionKind.Grouping
            && db.Plans.Any(p => p.Id == planId && p.RegionSet == r.RegionSet), ct);
        if (person is null == region is null || (stated.Person is not null && stated.Region is not null))
            faults.Add(new RoundFault(RoundFaultKind.ForNobody));
        if (faults.Count > 0)
            return faults;
        // The same form once more, because the answer to the first was lost.
        var (personId, regionId, reason) = (person?.Id, region?.Id, stated.Reason.Trim());
        if (await db.RoundExceptions.AnyAsync(
            e => e.RoundId == round.Id && e.PersonId == personId && e.RegionId == regionId && e.Until == until && e.Reason == reason && e.GrantedById == authorId, ct))
        {
            await transaction.ConfirmAsync(db, ct);
            return [];
        }

        db.RoundExceptions.Add(new RoundException
        {
            RoundId = round.Id,
            PersonId = personId,
            RegionId = regionId,
            Until = until,
            Reason = reason,
            GrantedById = authorId,
            GrantedAt = clock.GetUtcNow(),
        });
        await RecordAsync("round.exception-granted", round, authorId,
            new { person = person?.Id, region = region?.Code, until = Text(until), reason = stated.Reason.Trim() }, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [];
    }

    /// <summary>Ends an exception: yesterday was its last day.</summary>
    public async Task<RoundFault?> EndExceptionAsync(int planId, string code, int exceptionId, Guid authorId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await LockedAsync(planId, code, ct) is not { } round
            || await db.RoundExceptions.Include(e => e.Region).FirstOrDefaultAsync(e => e.Id == exceptionId && e.RoundId == round.Id, ct) is not { } exception)
        {
            return new RoundFault(RoundFaultKind.NotFound);
        }

        if (exception.Until < Today)
        {
            await transaction.ConfirmAsync(db, ct);
            return null;
        }

        exception.Until = Today.AddDays(-1);
        await RecordAsync("round.exception-ended", round, authorId, new { person = exception.PersonId, region = exception.Region?.Code }, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Asks for a mail to everybody who owes something in an open round; who was asked today already gets no second one.</summary>
    /// <returns>To how many; none when the round is not open.</returns>
    public async Task<int?> RemindAsync(int planId, string code, Guid authorId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await LockedAsync(planId, code, ct) is not { ClosedAt: null } round || round.OpensOn > Today)
            return null;
        var people = await db.AddRemindersAsync(round.Id, new ReminderDay(ReminderKind.Asked, Today), clock.GetUtcNow(), ct);
        await RecordAsync("round.reminded", round, authorId, new { people }, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return people;
    }

    /// <summary>The round, held against every other change until the transaction ends.</summary>
    private async Task<ReportingRound?> LockedAsync(int planId, string code, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from reporting_rounds where plan_id = {planId} and code = {code} for update", ct);
        return await db.ReportingRounds.Include(r => r.Indicators).Include(r => r.Regions).AsSplitQuery()
            .FirstOrDefaultAsync(r => r.PlanId == planId && r.Code == code, ct);
    }

    private DateOnly Today => ReportingCalendar.DayOf(clock.GetUtcNow());

    /// <summary>What was typed, once it has been found to make a round.</summary>
    private sealed record ReadRound(
        string NameEn, string NameZh, Period Period, DateOnly OpensOn, DateOnly Deadline, bool Locks,
        IReadOnlyList<KeyValuePair<string, int>> Indicators, IReadOnlyList<KeyValuePair<string, int>> Regions);

    private async Task<(List<RoundFault> Faults, ReadRound? Read)> ReadAsync(StatedRound stated, CancellationToken ct)
    {
        var faults = new List<RoundFault>();
        var (en, zh) = (stated.NameEn.Trim(), stated.NameZh.Trim());
        if (!Fits(en.Length > 0 ? en : zh, Plan.NameLength) || !Fits(zh.Length > 0 ? zh : en, Plan.NameLength))
            faults.Add(new RoundFault(RoundFaultKind.NameMissing));

        var periodRead = Period.TryParse(stated.Period, out var period);
        if (!periodRead)
            faults.Add(new RoundFault(RoundFaultKind.PeriodWrong, stated.Period));
        var opensRead = TryReadDay(stated.OpensOn, out var opensOn);
        if (!opensRead)
            faults.Add(new RoundFault(RoundFaultKind.OpensOnWrong, stated.OpensOn));
        var deadlineRead = TryReadDay(stated.Deadline, out var deadline);
        if (!deadlineRead)
            faults.Add(new RoundFault(RoundFaultKind.DeadlineWrong, stated.Deadline));
        if (periodRead && deadlineRead && deadline <= period.End)
            faults.Add(new RoundFault(RoundFaultKind.DeadlineBeforePeriodEnds, Text(period.End)));
        else if (periodRead && opensRead && opensOn <= period.End)
            faults.Add(new RoundFault(RoundFaultKind.OpensBeforePeriodEnds, Text(period.End)));
        else if (opensRead && deadlineRead && deadline < opensOn)
            faults.Add(new RoundFault(RoundFaultKind.DeadlineBeforeOpening, Text(opensOn)));

        var indicators = await db.Indicators.Where(i => i.PlanId == stated.PlanId && stated.Indicators.Contains(i.Code)).OrderBy(i => i.Position)
            .Select(i => new { i.Code, i.Id, i.Frequency }).ToListAsync(ct);
        var regions = await db.Regions
            .Where(r => stated.Regions.Contains(r.Code) && r.Kind != RegionKind.Grouping && db.Plans.Any(p => p.Id == stated.PlanId && p.RegionSet == r.RegionSet))
            .OrderBy(r => r.Position).Select(r => new { r.Code, r.Id }).ToListAsync(ct);
        AddListed(RoundFaultKind.UnknownIndicator, stated.Indicators.Except(indicators.Select(i => i.Code), StringComparer.Ordinal));
        AddListed(RoundFaultKind.UnknownRegion, stated.Regions.Except(regions.Select(r => r.Code), StringComparer.Ordinal));
        if (indicators.Count == 0 && faults.TrueForAll(f => f.Kind != RoundFaultKind.UnknownIndicator))
            faults.Add(new RoundFault(RoundFaultKind.NoIndicator));
        if (regions.Count == 0 && faults.TrueForAll(f => f.Kind != RoundFaultKind.UnknownRegion))
            faults.Add(new RoundFault(RoundFaultKind.NoRegion));
        if (periodRead)
            AddListed(RoundFaultKind.OtherFrequency, indicators.Where(i => i.Frequency != period.Frequency).Select(i => i.Code));
        if (regions.Count > 0)
            AddListed(RoundFaultKind.NobodyReports, await UnreportedAsync([.. indicators.Select(i => i.Id)], [.. regions.Select(r => r.Id)], ct));

        return faults.Count > 0
            ? (faults, null)
            : (faults, new ReadRound(en.Length > 0 ? en : zh, zh.Length > 0 ? zh : en, period, opensOn, deadline, stated.Locks,
                [.. indicators.Select(i => KeyValuePair.Create(i.Code, i.Id))], [.. regions.Select(r => KeyValuePair.Create(r.Code, r.Id))]));

        void AddListed(RoundFaultKind kind, IEnumerable<string> codes)
        {
            var text = string.Join(", ", codes);
            if (text.Length > 0)
                faults.Add(new RoundFault(kind, text));
        }
    }

    private Task<List<string>> UnreportedAsync(int[] indicatorIds, int[] regionIds, CancellationToken ct) =>
        db.Indicators.Where(i => indicatorIds.Contains(i.Id) && !db.Cells().Any(c => c.Indicator.Id == i.Id
                && db.Regions.Any(w => regionIds.Contains(w.Id) && w.RegionSet == c.Region.RegionSet && c.Region.Path.StartsWith(w.Path))))
            .OrderBy(i => i.Position).Select(i => i.Code).ToListAsync(ct);

    private async Task<ReadRound> ReadRoundAsync(ReportingRound round, CancellationToken ct)
    {
        var indicators = await db.RoundIndicators.Where(i => i.RoundId == round.Id).OrderBy(i => i.Indicator!.Position)
            .Select(i => KeyValuePair.Create(i.Indicator!.Code, i.IndicatorId)).ToListAsync(ct);
        var regions = await db.RoundRegions.Where(r => r.RoundId == round.Id).OrderBy(r => r.Region!.Position)
            .Select(r => KeyValuePair.Create(r.Region!.Code, r.RegionId)).ToListAsync(ct);
        return new ReadRound(round.NameEn, round.NameZh, round.Period, round.OpensOn, round.Deadline, round.Locks, indicators, regions);
    }

    private static void Write(ReportingRound round, ReadRound read)
    {
        (round.NameEn, round.NameZh, round.Period) = (read.NameEn, read.NameZh, read.Period);
        (round.OpensOn, round.Deadline, round.Locks) = (read.OpensOn, read.Deadline, read.Locks);
        var (indicators, regions) = (read.Indicators.Select(i => i.Value).ToHashSet(), read.Regions.Select(r => r.Value).ToHashSet());
        round.Indicators.RemoveAll(i => !indicators.Contains(i.IndicatorId));
        round.Regions.RemoveAll(r => !regions.Contains(r.RegionId));
        round.Indicators.AddRange(indicators.Except(round.Indicators.Select(i => i.IndicatorId)).Select(id => new RoundIndicator { IndicatorId = id }));
        round.Regions.AddRange(regions.Except(round.Regions.Select(r => r.RegionId)).Select(id => new RoundRegion { RegionId = id }));
    }

    private static RoundFacts FactsOf(ReadRound read) => new()
    {
        NameEn = read.NameEn,
        NameZh = read.NameZh,
        Period = read.Period.ToString(),
        OpensOn = Text(read.OpensOn),
        Deadline = Text(read.Deadline),
        Locks = read.Locks,
        Indicators = [.. read.Indicators.Select(i => i.Key)],
        Regions = [.. read.Regions.Select(r => r.Key)],
    };

    private async Task RecordAsync(string action, ReportingRound round, Guid actorId, object detail, CancellationToken ct)
    {
        var plan = await db.Plans.Where(p => p.Id == round.PlanId).Select(p => p.Code).SingleAsync(ct);
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = actorId,
            Action = action,
            Subject = SubjectOf(plan, round.Code),
            Detail = JsonSerializer.Serialize(detail, RoundFacts.Json),
        });
    }

    /// <summary>Letters, digits and hyphens, and not the word that stands for a new round in addresses.</summary>
    private static bool IsCode(string code) =>
        code.Length is > 0 and <= ReportingRound.CodeLength && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && !string.Equals(code, "new", StringComparison.OrdinalIgnoreCase);

    private static bool TryReadDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Written, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static string Text(DateOnly day) => day.ToString(Written, CultureInfo.InvariantCulture);

    private static bool Fits(string text, int length) => !string.IsNullOrWhiteSpace(text) && text.Length <= length && SafeText.IsSafe(text);
}

/// <summary>What a round was at one time, as its audit events state it.</summary>
public sealed record RoundFacts
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public required string NameEn { get; init; }

    public required string NameZh { get; init; }

    public required string Period { get; init; }

    public required string OpensOn { get; init; }

    public required string Deadline { get; init; }

    public required bool Locks { get; init; }

    public required IReadOnlyList<string> Indicators { get; init; }

    public required IReadOnlyList<string> Regions { get; init; }
}
