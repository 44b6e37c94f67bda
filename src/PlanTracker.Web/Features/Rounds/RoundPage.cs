using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Rounds;

/// <summary>A round with its exceptions, its history and, for an administrator, its mails.</summary>
public sealed record RoundPage
{
    public required ReportingRound Round { get; init; }

    public required DateOnly Today { get; init; }

    public required string CreatedBy { get; init; }

    public required IReadOnlyList<IndicatorChoice> Indicators { get; init; }

    public required IReadOnlyList<RegionChoice> Regions { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<ExceptionLine> Exceptions { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<HistoryLine> History { get; init; }

    /// <summary>For an administrator only.</summary>
    public RoundKeeping? Keeping { get; init; }

    public ExceptionForm Form { get; init; } = new();

    public IReadOnlyList<RoundFault> Faults { get; init; } = [];

    /// <summary>Mails just asked for.</summary>
    public int? Reminded { get; init; }

    public bool IsOpen => Round.ClosedAt is null && Round.OpensOn <= Today;

    public bool IsOver => Round.ClosedAt is not null || Round.Deadline < Today;
}

/// <summary>What an administrator needs to keep a round.</summary>
/// <param name="MailConfigured">Whether mails are sent at all.</param>
/// <param name="WithoutAddress">Reporters who can get no mail.</param>
/// <param name="Mails">How many mails of each kind have come how far.</param>
/// <param name="Troubles">Mails that did not go as they should.</param>
/// <param name="Reporters">To whom an exception can be granted: sign-in name and name.</param>
/// <param name="Regions">Regions to choose from; none where there are too many for a list.</param>
public sealed record RoundKeeping(
    bool MailConfigured, int WithoutAddress, IReadOnlyList<MailCount> Mails, IReadOnlyList<MailTrouble> Troubles, IReadOnlyList<KeyValuePair<string, string>> Reporters,
    IReadOnlyList<RegionChoice> Regions);

public sealed record MailCount(ReminderKind Kind, DateOnly DueOn, ReminderState State, int Count);

public sealed record MailTrouble(string Person, ReminderKind Kind, ReminderState State, int Attempts, DateTimeOffset? TriedAt, DateTimeOffset? NextAttemptAt, string? Error);

public sealed record ExceptionLine(int Id, Guid? PersonId, string? Person, string? RegionCode, Bilingual? Region, DateOnly Until, string Reason, string GrantedBy, DateTimeOffset At);

/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="What">What was done, one line for each thing.</param>
/// <param name="Reason">Why, where one had to be given.</param>
public sealed record HistoryLine(DateTimeOffset At, string? Actor, IReadOnlyList<Bilingual> What, string? Reason);

public static class RoundQueries
{
    private const int MostRegions = 300;
    private const int MostTroubles = 100;

    public static async Task<RoundPage?> RoundPageAsync(this PlanDbContext db, CurrentPlan plan, string code, DateOnly today, CancellationToken ct)
    {
        var round = await db.ReportingRounds.AsNoTracking().Include(r => r.CreatedBy).SingleOrDefaultAsync(r => r.PlanId == plan.Id && r.Code == code, ct);
        if (round is null)
            return null;

        var exceptions = await db.RoundExceptions.Where(e => e.RoundId == round.Id).OrderByDescending(e => e.Id)
            .Select(e => new ExceptionLine(e.Id, e.PersonId, e.Person!.DisplayName, e.Region!.Code, e.RegionId == null ? null : new Bilingual(e.Region.ShortEn, e.Region.ShortZh),
                e.Until, e.Reason, e.GrantedBy!.DisplayName, e.GrantedAt)).ToListAsync(ct);
        var subject = RoundStore.SubjectOf(plan.Code, round.Code);
        var events = await (
            from audit in db.AuditEvents
            where audit.Subject == subject
            join person in db.Users on audit.ActorId equals person.Id into people
            from actor in people.DefaultIfEmpty()
            orderby audit.Id descending
            select new { audit.At, audit.Action, audit.Detail, Actor = actor!.DisplayName }).ToListAsync(ct);
        var names = exceptions.Where(e => e.PersonId is not null).DistinctBy(e => e.PersonId).ToDictionary(e => e.PersonId!.Value, e => e.Person!);
        return new RoundPage
        {
            Round = round,
            Today = today,
            CreatedBy = round.CreatedBy!.DisplayName,
            Indicators = await db.RoundIndicators.Where(i => i.RoundId == round.Id).OrderBy(i => i.Indicator!.Position)
                .Select(i => new IndicatorChoice(i.Indicator!.Code, new Bilingual(i.Indicator.NameEn, i.Indicator.NameZh),
                    new Bilingual(i.Indicator.GroupEn, i.Indicator.GroupZh), i.Indicator.Frequency, i.Indicator.Due)).ToListAsync(ct),
            Regions = await db.RoundRegions.Where(r => r.RoundId == round.Id).OrderBy(r => r.Region!.Position)
                .Select(r => new RegionChoice(r.Region!.Code, new Bilingual(r.Region.ShortEn, r.Region.ShortZh))).ToListAsync(ct),
            Exceptions = exceptions,
            History = [.. events.Select(e => RoundHistory.LineOf(e.At, e.Actor, e.Action, e.Detail, names))],
        };
    }

    public static async Task<RoundKeeping> RoundKeepingAsync(this PlanDbContext db, CurrentPlan plan, int roundId, bool mailConfigured, CancellationToken ct)
    {
        var mails = db.Reminders.Where(m => m.RoundId == roundId);
        var reporters = await db.Reporters().OrderBy(p => p.DisplayName).Select(p => new { p.UserName, p.DisplayName, HasAddress = p.Email != null && p.Email != "" }).ToListAsync(ct);
        var regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Kind != RegionKind.Grouping && r.Reports).OrderBy(r => r.Position).Take(MostRegions + 1)
            .Select(r => new RegionChoice(r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);
        return new RoundKeeping(
            mailConfigured,
            reporters.Count(r => !r.HasAddress),
            await mails.GroupBy(m => new { m.Kind, m.DueOn, m.State }).OrderBy(g => g.Key.DueOn).ThenBy(g => g.Key.Kind).ThenBy(g => g.Key.State)
                .Select(g => new MailCount(g.Key.Kind, g.Key.DueOn, g.Key.State, g.Count())).ToListAsync(ct),
            await mails.Where(m => m.State == ReminderState.Failed || m.State == ReminderState.Unknown || m.State == ReminderState.Sending)
                .OrderByDescending(m => m.Id).Take(MostTroubles)
                .Select(m => new MailTrouble(m.Person!.DisplayName, m.Kind, m.State, m.Attempts, m.TriedAt, m.NextAttemptAt, m.Error)).ToListAsync(ct),
            [.. reporters.Select(r => KeyValuePair.Create(r.UserName!, r.DisplayName))],
            regions.Count > MostRegions ? [] : regions);
    }
}

/// <summary>What an audit event says about a round, in words.</summary>
public static class RoundHistory
{
    public static HistoryLine LineOf(DateTimeOffset at, string? actor, string action, string detail, Dictionary<Guid, string> people)
    {
        var event_ = JsonSerializer.Deserialize<Detail>(detail, RoundFacts.Json)!;
        IEnumerable<Bilingual> what = action switch
        {
            "round.created" => [new($"Opened with the deadline {event_.Now!.Deadline}", $"设立，截止日期 {event_.Now.Deadline}")],
            "round.changed" => Differences(event_.Was!, event_.Now!),
            "round.closed" => [new("Closed", "关闭")],
            "round.exception-granted" => [new($"Exception for {Who(event_, people)} until {event_.Until}", $"为 {Who(event_, people)} 设立例外，至 {event_.Until}")],
            "round.exception-ended" => [new($"Exception for {Who(event_, people)} ended", $"终止 {Who(event_, people)} 的例外")],
            "round.reminded" => [new($"Mail to {event_.People} asked for", $"发起邮件提醒，共 {event_.People} 人")],
            _ => [new(action, action)],
        };
        return new HistoryLine(at, actor, [.. what], event_.Reason);
    }

    private static string Who(Detail event_, Dictionary<Guid, string> people) =>
        event_.Person is { } id ? people.GetValueOrDefault(id, id.ToString()) : event_.Region ?? "";

    private static IEnumerable<Bilingual> Differences(RoundFacts was, RoundFacts now)
    {
        if (was.Deadline != now.Deadline)
            yield return new($"Deadline moved from {was.Deadline} to {now.Deadline}", $"截止日期由 {was.Deadline} 改为 {now.Deadline}");
        if (was.OpensOn != now.OpensOn)
            yield return new($"Opening moved from {was.OpensOn} to {now.OpensOn}", $"开始日期由 {was.OpensOn} 改为 {now.OpensOn}");
        if (was.Period != now.Period)
            yield return new($"Period changed from {was.Period} to {now.Period}", $"时期由 {was.Period} 改为 {now.Period}");
        if (was.Locks != now.Locks)
            yield return now.Locks ? new("Locks after the deadline now", "改为截止后锁定") : new("No longer locks after the deadline", "改为截止后不锁定");
        if (was.NameEn != now.NameEn || was.NameZh != now.NameZh)
            yield return new($"Renamed from “{was.NameEn}”", $"由“{was.NameZh}”更名");
        foreach (var line in Listed(was.Indicators, now.Indicators, new("Indicators", "指标")).Concat(Listed(was.Regions, now.Regions, new("Regions", "地区"))))
            yield return line;
    }

    private static IEnumerable<Bilingual> Listed(IReadOnlyList<string> was, IReadOnlyList<string> now, Bilingual what)
    {
        var (added, removed) = (string.Join(", ", now.Except(was, StringComparer.Ordinal)), string.Join(", ", was.Except(now, StringComparer.Ordinal)));
        if (added.Length > 0)
            yield return new($"{what.En} added: {added}", $"增加{what.Zh}：{added}");
        if (removed.Length > 0)
            yield return new($"{what.En} taken out: {removed}", $"减少{what.Zh}：{removed}");
    }

    private sealed record Detail
    {
        public RoundFacts? Was { get; init; }

        public RoundFacts? Now { get; init; }

        public string? Reason { get; init; }

        public Guid? Person { get; init; }

        public string? Region { get; init; }

        public string? Until { get; init; }

        public int? People { get; init; }
    }
}
