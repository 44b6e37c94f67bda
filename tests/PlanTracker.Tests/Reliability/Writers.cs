using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>One figure for one cell, sent under one request id until it is acknowledged.</summary>
internal sealed class SentFigure(Guid requestId, string region, int year, decimal value)
{
    public Guid RequestId => requestId;

    /// <summary>As the database names it: indicator, region and period.</summary>
    public string Cell { get; } = string.Create(CultureInfo.InvariantCulture, $"{Writers.Indicator}/{region}/{year}");

    public decimal Value => value;

    public string Body { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"requestId":"{{requestId}}","source":"Bulletin","explanation":"Counted.","readings":[{"indicator":"{{Writers.Indicator}}","region":"{{region}}","period":"{{year}}","value":{{value}}}]}""");

    public int Tries { get; set; }

    public bool Acknowledged { get; set; }

    /// <summary>It was in the database before the try that was acknowledged: the answer to an earlier one was lost.</summary>
    public bool WasThere { get; set; }
}

/// <summary>
/// Programs that submit figures all the time through the front door. What is not acknowledged is sent again under the same id, as the answer 503 asks
/// for; each writes down what it was told.
/// </summary>
internal sealed class Writers : IAsyncDisposable
{
    public const int AtOnce = 8;

    public const string Indicator = "P-RD-INT";

    /// <summary>Before the imports of these tests, and long before the plan's own figures.</summary>
    public const int FirstYear = 1880, YearsBefore = 1980;

    /// <summary>Of so many answers one is lost on its way: its writer has heard nothing, and sends again what is there already.</summary>
    private const int OneIsLostOf = 10;

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    private static readonly string[] Regions =
    [
        "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000", "340000", "350000", "360000", "370000", "410000",
        "420000", "430000", "440000", "450000", "460000", "500000", "510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000",
    ];

    private readonly Func<Uri> _address;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _enough = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentQueue<SentFigure> _figures = new();
    private readonly ConcurrentDictionary<HttpStatusCode, string> _refusals = new();
    private readonly Task[] _working;
    private int _next = -1;
    private int _acknowledged;
    private int _refused;

    private Writers(Func<Uri> address, string token)
    {
        _address = address;
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = AnswerWithin }) { Timeout = AnswerWithin };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _working = [.. Enumerable.Range(0, AtOnce).Select(_ => Task.Run(WorkAsync))];
    }

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Refused => Volatile.Read(ref _refused);

    /// <summary>One was told what none should be told; it says so once they are stopped.</summary>
    public bool HaveFailed => _working.Any(w => w.IsFaulted);

    /// <summary>The last words of each refusal.</summary>
    public IReadOnlyDictionary<HttpStatusCode, string> Refusals => _refusals;

    public static Writers Start(Func<Uri> address, string token) => new(address, token);

    /// <summary>Waits until so many more are acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var before = Acknowledged;
        return Until.HoldsAsync(() => Acknowledged >= before + count || HaveFailed, $"{count} more acknowledged writes; refused so far: {string.Join(", ", _refusals)}");
    }

    /// <summary>Each brings what it has begun to its end, and begins nothing new.</summary>
    public async Task<IReadOnlyList<SentFigure>> StopAsync()
    {
        await _enough.CancelAsync();
        _end.CancelAfter(TimeSpan.FromMinutes(1));
        await Task.WhenAll(_working);
        return [.. _figures];
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _end.CancelAsync();
        await Task.WhenAll(_working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _enough.Dispose();
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            var next = Interlocked.Increment(ref _next);
            var (year, region) = Math.DivRem(next, Regions.Length);
            if (FirstYear + year >= YearsBefore)
                throw new InvalidOperationException("There are no cells left to write to.");
            var figure = new SentFigure(Guid.NewGuid(), Regions[region], FirstYear + year, (next % 90) + 0.25m);
            _figures.Enqueue(figure);
            while (!await SendAsync(figure, isLost: figure.Tries == 0 && next % OneIsLostOf == OneIsLostOf - 1))
                await Task.Delay(BeforeNextTry, _end.Token);
        }
    }

    private async Task<bool> SendAsync(SentFigure figure, bool isLost)
    {
        figure.Tries++;
        var sentAt = TimeProvider.System.GetUtcNow();
        try
        {
            using var content = new StringContent(figure.Body, Encoding.UTF8, "application/json");
            using var answer = await _client.PostAsync(new Uri(_address(), $"/api/v1/plans/{SeededPlan.PlanCode}/readings"), content, _end.Token);
            if (isLost)
                return false;
            var text = await answer.Content.ReadAsStringAsync(_end.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                figure.WasThere = JsonDocument.Parse(text).RootElement.GetProperty("at").GetDateTimeOffset() < sentAt;
                figure.Acknowledged = true;
                Interlocked.Increment(ref _acknowledged);
                return true;
            }

            _refusals[answer.StatusCode] = text;
            Interlocked.Increment(ref _refused);
            return answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage
                ? false
                : throw new InvalidOperationException($"{figure.Cell} was refused with {(int)answer.StatusCode}: {text}");
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException && !_end.IsCancellationRequested)
        {
            // Nothing was heard: it may be there or not.
            return false;
        }
    }
}
