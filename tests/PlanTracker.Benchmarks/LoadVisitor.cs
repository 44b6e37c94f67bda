using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace PlanTracker.Benchmarks;

/// <summary>What a person asks for.</summary>
internal enum Visit
{
    Overview,
    Task,
    Region,
    Indicator,
    Changes,
    DraftSave,
    Submission,
    SignIn,
    Export,
}

/// <summary>What came of it: as hoped, turned away for now (429 or 503), or not.</summary>
internal enum Outcome
{
    Done,
    TurnedAway,
    Failed,
}

/// <summary>Somebody who is signed in, with the cookies and the token a browser would send.</summary>
internal sealed class LoadPerson
{
    public required int Number { get; init; }

    public required string Cookies { get; set; }

    public required string Token { get; init; }

    private int _cells;

    /// <summary>Takes those of the cookies anew that the answer renews, as a browser does: after half an hour the first ones are worth nothing.</summary>
    public void Renew(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var given))
            return;
        var renewed = given.Select(c => c.Split(';')[0].Split('=', 2)).Where(c => c[1].Length > 0).ToDictionary(c => c[0], c => c[1], StringComparer.Ordinal);
        Cookies = string.Join("; ", Cookies.Split("; ").Select(c => renewed.TryGetValue(c.Split('=')[0], out var value) ? $"{c.Split('=')[0]}={value}" : c));
    }

    /// <summary>Cells are used once, so that nobody's figure stands in the way of another.</summary>
    public int NextCell() => Interlocked.Increment(ref _cells) - 1;
}

/// <summary>Makes the requests of people to one application.</summary>
internal sealed partial class LoadVisitor(HttpClient client, LoadMeasure measure)
{
    private static readonly HttpRequestOptionsKey<LoadPerson> s_person = new(nameof(LoadPerson));

    private const string Plan = $"/en/plans/{LoadPlan.Code}";
    private static readonly string[] s_periods = ["2026-Q1", "2026-Q2", "2026-Q3"];

    private readonly List<LoadPerson> _entering = [], _viewing = [];
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private LoadPerson? _stranger;

    /// <summary>What went wrong, and how often.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Signs everybody in, a few at a time.</summary>
    public async Task SignInAsync(int entering, int viewing, CancellationToken ct)
    {
        _stranger = await OpenFormAsync($"/en/account/sign-in", "", number: 0, ct);
        var people = new LoadPerson[entering + viewing];
        await Parallel.ForAsync(0, people.Length, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (number, stop) =>
        {
            var enters = number < entering;
            using var answer = await client.SendAsync(SignInAs(enters ? "enters" : "views", enters ? number : number - entering), stop);
            if (answer.StatusCode != HttpStatusCode.Redirect)
                throw new InvalidOperationException($"Signing in is answered with {answer.StatusCode}.");
            var cookies = Cookies(answer, "");
            people[number] = enters
                ? await OpenFormAsync(GridOf(number, s_periods[0]), cookies, number, stop)
                : new LoadPerson { Number = number, Cookies = cookies, Token = "" };
        });
        _entering.AddRange(people[..entering]);
        _viewing.AddRange(people[entering..]);
    }

    /// <summary>One request to its last byte, or, for an export, to its first.</summary>
    /// <param name="visit">Which.</param>
    /// <param name="turn">How many were made before; whose turn it is, and which region or indicator is looked at, follows from it.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Outcome> MakeAsync(Visit visit, int turn, CancellationToken ct)
    {
        try
        {
            using var request = Request(visit, turn);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            if (request.Options.TryGetValue(s_person, out var person))
                person.Renew(answer);
            var outcome = await OutcomeAsync(visit, answer, body, ct);
            if (outcome == Outcome.Failed)
                Count($"{visit} {(int)answer.StatusCode}");
            return outcome;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            Count($"{visit} {error.GetType().Name}");
            return Outcome.Failed;
        }
    }

    private void Count(string failure) => _failures.AddOrUpdate(failure, 1, (_, before) => before + 1);

    private static async Task<Outcome> OutcomeAsync(Visit visit, HttpResponseMessage answer, Stream body, CancellationToken ct)
    {
        if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            return Outcome.TurnedAway;
        switch (visit)
        {
            case Visit.SignIn or Visit.Submission:
                return answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location?.ToString().Contains("sign-in", StringComparison.Ordinal) == false
                    ? Outcome.Done : Outcome.Failed;
            case Visit.DraftSave:
                using (var reader = new StreamReader(body))
                    return answer.IsSuccessStatusCode && (await reader.ReadToEndAsync(ct)).Contains("\"saved\"", StringComparison.Ordinal) ? Outcome.Done : Outcome.Failed;
            case Visit.Export:
                var first = new byte[1];
                return answer.IsSuccessStatusCode && await body.ReadAsync(first, ct) == 1 ? Outcome.Done : Outcome.Failed;
            default:
                await body.CopyToAsync(Stream.Null, ct);
                return answer.IsSuccessStatusCode ? Outcome.Done : Outcome.Failed;
        }
    }

    private HttpRequestMessage Request(Visit visit, int turn)
    {
        var (viewer, reporter) = (_viewing[turn % _viewing.Count], _entering[turn % _entering.Count]);
        var (region, indicator) = (LoadPlan.FirstUnit + (turn * 37 % measure.Regions), 1 + (turn * 7 % measure.Indicators));
        return visit switch
        {
            Visit.Overview => As(viewer, HttpMethod.Get, Plan),
            Visit.Task => As(viewer, HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Plan}/elements/T0{1 + (turn % 9)}")),
            Visit.Region => As(viewer, HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Plan}/regions/R{region}")),
            Visit.Indicator => As(viewer, HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Plan}/indicators/I{indicator}")),
            Visit.Changes => As(viewer, HttpMethod.Get, $"{Plan}/changes"),
            Visit.Export => As(viewer, HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Plan}/readings.csv?region=R{region}&indicator=I{indicator}")),
            Visit.SignIn => SignInAs("views", turn % _viewing.Count),
            Visit.DraftSave => Draft(reporter),
            Visit.Submission => Submission(reporter),
            _ => throw new ArgumentOutOfRangeException(nameof(visit), visit, message: null),
        };
    }

    private HttpRequestMessage Draft(LoadPerson reporter)
    {
        var (cell, _) = CellOf(reporter);
        var request = As(reporter, HttpMethod.Post, $"{Plan}/work/drafts");
        request.Headers.Add("RequestVerificationToken", reporter.Token);
        request.Content = JsonContent.Create(new[] { new { cell, text = "170.25", basedOn = 0, draft = 0 } });
        return request;
    }

    private HttpRequestMessage Submission(LoadPerson reporter)
    {
        var (cell, period) = CellOf(reporter);
        var request = As(reporter, HttpMethod.Post, GridOf(reporter.Number, period));
        request.Content = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", reporter.Token), new("requestId", Guid.NewGuid().ToString()), new("source", "Load"),
            new("explanation", "Synthetic."), new($"cell:{cell}:0:0", "171.5"),
        ]);
        return request;
    }

    private (string Cell, string Period) CellOf(LoadPerson reporter)
    {
        var next = reporter.NextCell();
        var period = s_periods[next / measure.Indicators % s_periods.Length];
        return (string.Create(CultureInfo.InvariantCulture, $"I{1 + (next % measure.Indicators)}|R{LoadPlan.RegionOf(reporter.Number, measure.Regions)}|{period}"), period);
    }

    private string GridOf(int number, string period) =>
        string.Create(CultureInfo.InvariantCulture, $"{Plan}/work/regions/R{LoadPlan.RegionOf(number, measure.Regions)}?period={period}");

    private HttpRequestMessage SignInAs(string kind, int number)
    {
        var request = As(_stranger!, HttpMethod.Post, "/en/account/sign-in");
        request.Content = new FormUrlEncodedContent(
        [
            new("name", string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}")), new("password", LoadPlan.Password),
            new("__RequestVerificationToken", _stranger!.Token),
        ]);
        return request;
    }

    private static HttpRequestMessage As(LoadPerson person, HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        request.Headers.Add("Accept-Encoding", "br");
        request.Options.Set(s_person, person);
        if (person.Cookies.Length > 0)
            request.Headers.Add("Cookie", person.Cookies);
        return request;
    }

    private async Task<LoadPerson> OpenFormAsync(string address, string cookies, int number, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        if (cookies.Length > 0)
            request.Headers.Add("Cookie", cookies);
        using var answer = await client.SendAsync(request, ct);
        var token = Token().Match(await answer.Content.ReadAsStringAsync(ct));
        return token.Success
            ? new LoadPerson { Number = number, Cookies = Cookies(answer, cookies), Token = token.Groups["token"].Value }
            : throw new InvalidOperationException($"No form at {address}: {answer.StatusCode}.");
    }

    private static string Cookies(HttpResponseMessage answer, string before) => string.Join("; ",
        (answer.Headers.TryGetValues("Set-Cookie", out var given) ? given : []).Select(c => c.Split(';')[0]).Prepend(before).Where(c => c.Length > 0));

    [GeneratedRegex("""__RequestVerificationToken"[^>]*value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
