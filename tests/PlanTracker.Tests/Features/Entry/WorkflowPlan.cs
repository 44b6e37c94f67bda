using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Features.Rounds;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>Somebody tries to do something with a cell in some state.</summary>
public sealed record Attempt(string Cell, string Who, string Action)
{
    public override string ToString() => $"{Cell} | {Who} | {Action}";
}

/// <summary>What came of it: the answer, what the answer said, and the cell before and after.</summary>
public sealed record Outcome(HttpStatusCode Status, string? Location, string Text, CellSummary Before, CellSummary After);

/// <summary>A cell in short: figures and who has drafted.</summary>
public sealed record CellSummary(string Approved, string Waits, string Draft, int Remarks)
{
    public static CellSummary Empty { get; } = new("", "", "", 0);
}

/// <summary>The shipped plan with a cell of its own for every attempt, brought to its state through the store; then every attempt is made over HTTP.</summary>
public sealed class WorkflowPlan(TestCluster cluster) : IAsyncLifetime
{
    private const string Zhejiang = "330000", Jiangsu = "320000";

    private static readonly Dictionary<string, string> _accounts = new(StringComparer.Ordinal)
    {
        ["author"] = "reporter",
        ["colleague"] = "zhejiang",
        ["outsider"] = "zhejiang",
        ["reviewer"] = "reviewer",
        ["author-reviewer"] = "both",
        ["leader"] = "leader",
        ["analyst"] = "analyst",
        ["administrator"] = "administrator",
        ["security"] = "security",
        ["auditor"] = "auditor",
    };

    private readonly SeededPlan _plan = new(cluster);
    private readonly Dictionary<string, Guid> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Visitor Visitor, string Token)> _visitors = new(StringComparer.Ordinal);
    private List<Place> _places = [];

    public static IReadOnlyList<string> Cells { get; } =
        ["empty", "own draft", "colleague's draft", "colleague's unseen draft", "submitted", "returned", "approved", "under review", "locked"];

    public static IReadOnlyList<string> Actions { get; } = ["open", "save", "discard", "submit", "withdraw", "approve", "return", "restore", "remark"];

    public static IReadOnlyList<string> People { get; } = [.. _accounts.Keys, "nobody"];

    public IReadOnlyDictionary<Attempt, Outcome> Outcomes { get; private set; } = new Dictionary<Attempt, Outcome>();

    /// <summary>How drafts name the person who acts.</summary>
    public static string NameOf(string who) => _accounts[who];

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        await AddAuthorReviewerAsync();
        foreach (var name in _accounts.Values.Distinct())
            _people[name] = await _plan.PersonAsync(name);
        _places = await PlacesAsync();
        await PrepareAsync();
        await SignInAsync();

        var before = await SummariesAsync();
        var answers = new Dictionary<Attempt, (HttpStatusCode, string?, string)>();
        await Parallel.ForEachAsync(_places, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (place, _) =>
        {
            var answer = await TryAsync(place);
            lock (answers)
                answers.Add(place.Attempt, answer);
        });
        var after = await SummariesAsync();
        Outcomes = _places.ToDictionary(p => p.Attempt, p => new Outcome(
            answers[p.Attempt].Item1, answers[p.Attempt].Item2, answers[p.Attempt].Item3,
            before.GetValueOrDefault(p.Key, CellSummary.Empty), after.GetValueOrDefault(p.Key, CellSummary.Empty)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (visitor, _) in _visitors.Values)
            visitor.Dispose();
        await _plan.DisposeAsync();
    }

    private async Task AddAuthorReviewerAsync()
    {
        await using var scope = _plan.Application.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var both = new Person { UserName = "both", DisplayName = "Reporter and reviewer", CreatedAt = DateTimeOffset.UnixEpoch };
        (await people.CreateAsync(both, DemonstrationAccounts.Password)).Succeeded.Should().BeTrue();
        (await people.AddToRolesAsync(both, [Roles.Reporter, Roles.Reviewer])).Succeeded.Should().BeTrue();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        db.ScopeGrants.Add(new ScopeGrant { PersonId = both.Id, RegionId = await _plan.RegionAsync("CN") });
        await db.SaveChangesAsync();
    }

    /// <summary>A cell for every attempt; those of a locked cell in years of their own, so that a round can lock them.</summary>
    private async Task<List<Place>> PlacesAsync()
    {
        var indicators = await _plan.WithAsync((db, _) => db.Indicators
            .Where(i => i.ReportedBy == ReportedBy.Regional && i.Frequency == Frequency.Annual).OrderBy(i => i.Id).Select(i => new { i.Id, i.Code }).ToListAsync());
        var (zhejiang, jiangsu) = (await _plan.RegionAsync(Zhejiang), await _plan.RegionAsync(Jiangsu));
        var attempts =
            from cell in Cells
            from who in People
            from action in Actions
            select new Attempt(cell, who, action);
        return [.. attempts.GroupBy(a => a.Cell == "locked").SelectMany(group => group.Select((attempt, n) =>
        {
            var (indicator, year) = (indicators[n % indicators.Count], (group.Key ? 1700 : 1800) + (n / indicators.Count));
            var (region, code) = attempt.Who == "outsider" ? (jiangsu, Jiangsu) : (zhejiang, Zhejiang);
            return new Place(attempt, new CellKey(indicator.Id, region, Period.Annual(year)), indicator.Code, code);
        }))];
    }

    private async Task PrepareAsync()
    {
        var approved = In("approved", "under review", "locked", "colleague's unseen draft");
        await SubmitAsync(approved, "30", basedOn: 0);
        await ReviewAsync(approved, (store, ids) => store.ApproveAsync(ids, _people["reviewer"], CancellationToken.None));
        await SubmitAsync(In("submitted", "returned"), "31", basedOn: 0);
        await SubmitAsync(In("under review", "locked"), "31", basedOn: 1);
        await ReviewAsync(In("returned"), (store, ids) => store.ReturnAsync(ids, "Which bulletin?", _people["reviewer"], CancellationToken.None));
        await DraftAsync(In("own draft"), p => Enters(p) ? _accounts[p.Attempt.Who] : "reporter", basedOn: 0);
        await DraftAsync(In("colleague's draft"), ColleagueOf, basedOn: 0);
        await DraftAsync(In("colleague's unseen draft"), ColleagueOf, basedOn: 1);

        var steps = new RoundSteps(_plan);
        steps.ItIs("2020-03-10");
        foreach (var locked in In("locked").GroupBy(p => p.Key.Period))
        {
            await steps.OpenAsync(RoundSteps.Round with
            {
                Code = $"y{locked.Key}",
                Period = $"{locked.Key}",
                OpensOn = "2020-03-01",
                Deadline = "2020-03-31",
                Indicators = [.. locked.Select(p => p.Indicator).Distinct()],
            });
        }
    }

    private List<Place> In(params string[] cells) => [.. _places.Where(p => cells.Contains(p.Attempt.Cell))];

    private static bool Enters(Place place) => place.Attempt.Who is "author" or "colleague" or "author-reviewer";

    private static string AuthorOf(Place place) => place.Attempt.Who == "author-reviewer" ? "both" : "reporter";

    private static string ColleagueOf(Place place) => place.Attempt.Who == "author" ? "zhejiang" : "reporter";

    private async Task SubmitAsync(IEnumerable<Place> places, string text, int basedOn)
    {
        foreach (var group in places.GroupBy(AuthorOf))
        {
            var submission = new Submission
            {
                Source = "Bulletin of the test",
                Explanation = "As counted.",
                RequestId = Guid.NewGuid(),
                Cells = [.. group.Select(p => new TypedCell(p.Key, text) { BasedOn = basedOn })],
            };
            var result = await _plan.WithAsync((_, store) => store.SubmitAsync(submission, _people[group.Key], CancellationToken.None));
            result.Submitted.Should().Be(group.Count());
        }
    }

    private async Task ReviewAsync(IReadOnlyCollection<Place> places, Func<ReadingStore, List<long>, Task<ReviewResult>> decide)
    {
        var keys = places.Select(p => p.Key).ToHashSet();
        var result = await _plan.WithAsync(async (db, store) => await decide(store, [.. (await db.Readings.Where(r => r.PendingRevisionId != null).ToListAsync())
            .Where(r => keys.Contains(new CellKey(r.IndicatorId, r.RegionId, r.Period))).Select(r => r.PendingRevisionId!.Value)]));
        result.Reviewed.Should().Be(places.Count);
    }

    private async Task DraftAsync(IEnumerable<Place> places, Func<Place, string> owner, int basedOn)
    {
        foreach (var group in places.GroupBy(owner))
        {
            var results = await _plan.WithAsync((_, store) => store.SaveDraftsAsync(
                [.. group.Select(p => new TypedCell(p.Key, "32") { BasedOn = basedOn })], _people[group.Key], CancellationToken.None));
            results.Should().OnlyContain(r => r.Outcome == DraftOutcome.Saved);
        }
    }

    private async Task SignInAsync()
    {
        foreach (var who in People)
        {
            var visitor = new Visitor(_plan.Application);
            if (_accounts.TryGetValue(who, out var account))
                await Visitor.SignedInAsync(visitor, account);
            using var page = await visitor.PageAsync(account is null ? "/en/account/sign-in" : $"/en/plans/{SeededPlan.PlanCode}");
            _visitors[who] = (visitor, page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!);
        }
    }

    private async Task<(HttpStatusCode Status, string? Location, string Text)> TryAsync(Place place)
    {
        var (attempt, revisions) = (place.Attempt, await RevisionsAsync(place));
        var (visitor, token) = _visitors[attempt.Who];
        var review = $"/en/plans/{SeededPlan.PlanCode}/review";
        var cell = $"/en/plans/{SeededPlan.PlanCode}/work/{place.Indicator}/{place.Region}/{place.Key.Period}";
        var (first, last) = ($"{revisions.FirstOrDefault()}", $"{revisions.LastOrDefault()}");
        // Saved once, and, where it came after the form was opened, not known to it.
        var draft = attempt.Cell is "own draft" or "colleague's draft" ? "1" : "0";
        (string Address, (string Name, string Value)[] Fields) request = attempt.Action switch
        {
            "save" => (cell, Form("33", "save")),
            "discard" => (cell, Form("", "save")),
            "submit" => (cell, Form("33", "submit")),
            "withdraw" => (cell + "/withdraw", [("revision", last)]),
            "approve" => (review, [("revisions", last), ("decision", "approve")]),
            "return" => (review, [("revisions", last), ("decision", "return"), ("reason", "Which bulletin?")]),
            "restore" => (cell + "/restore", [("revision", first), ("draft", draft)]),
            "remark" => (cell + "/remarks", [("text", "As agreed by telephone.")]),
            _ => (cell, []),
        };
        using var content = new FormUrlEncodedContent([.. request.Fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))]);
        using var answer = attempt.Action == "open" ? await visitor.GetAsync(cell) : await visitor.Client.PostAsync(new Uri(request.Address, UriKind.Relative), content);
        return (answer.StatusCode, answer.Headers.Location?.ToString(), WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));

        (string, string)[] Form(string value, string decision) =>
        [
            ("value", value), ("kind", "A"), ("note", ""), ("source", "Bulletin"), ("explanation", "As counted."),
            ("basedOn", $"{revisions.Count}"), ("draft", draft), ("requestId", $"{Guid.NewGuid()}"), ("decision", decision),
        ];
    }

    private Task<List<long>> RevisionsAsync(Place place) => _plan.WithAsync((db, _) => db.Revisions
        .Where(r => r.Reading!.IndicatorId == place.Key.IndicatorId && r.Reading.RegionId == place.Key.RegionId && r.Reading.Period == place.Key.Period)
        .OrderBy(r => r.Number).Select(r => r.Id).ToListAsync());

    private Task<Dictionary<CellKey, CellSummary>> SummariesAsync() => _plan.WithAsync(async (db, _) =>
    {
        var last = Period.Annual(1900).End;
        var readings = await db.Readings.Where(r => r.PeriodEnd < last).Select(r => new
        {
            Key = new CellKey(r.IndicatorId, r.RegionId, r.Period),
            r.Value,
            Waits = r.PendingRevision == null ? "" : $"{r.PendingRevision.Value:0} {r.PendingRevision.State}",
            Remarks = db.Comments.Count(c => c.ReadingId == r.Id),
        }).ToListAsync();
        var drafts = await db.Drafts.Select(d => new { Key = new CellKey(d.IndicatorId, d.RegionId, d.Period), d.Value, d.Author!.UserName }).ToListAsync();
        var cells = readings.ToDictionary(r => r.Key, r => CellSummary.Empty with { Approved = $"{r.Value:0}", Waits = r.Waits, Remarks = r.Remarks });
        foreach (var draft in drafts)
            cells[draft.Key] = cells.GetValueOrDefault(draft.Key, CellSummary.Empty) with { Draft = $"{draft.Value:0} {draft.UserName}" };
        return cells;
    });

    private sealed record Place(Attempt Attempt, CellKey Key, string Indicator, string Region);
}
