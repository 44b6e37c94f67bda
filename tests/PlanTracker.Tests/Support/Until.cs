using System.Diagnostics;

namespace PlanTracker.Tests.Support;

/// <summary>Waits for what has to come, and says what did not.</summary>
internal static class Until
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(3);

    public static Task HoldsAsync(Func<bool> what, string said) => HoldsAsync(() => Task.FromResult(what()), said);

    public static async Task HoldsAsync(Func<Task<bool>> what, string said)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await what())
        {
            if (Stopwatch.GetElapsedTime(start) > Most)
                throw new TimeoutException($"It did not come: {said}");
            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
        }
    }
}
