using System.Globalization;
using PlanTracker.Data;
using PlanTracker.Data.Audit;

namespace PlanTracker.Platform.Start;

/// <summary>
/// <c>audit</c>: whether the chain of events is whole, and the head of it. Whoever asks by a timer can tell a broken chain (1) from a question that
/// could not be put (2).
/// </summary>
public sealed class AuditCommand(PlanDbContext db, TimeProvider clock, TextWriter output, TextWriter errors)
{
    public const string Name = "audit";

    /// <summary>Exit code where nothing was found out about the chain.</summary>
    public const int NoVerdict = 2;

    /// <param name="Verify">To verify; otherwise to print an anchor.</param>
    /// <param name="AnchorFile">Where anchors were kept.</param>
    public sealed record Call(bool Verify, string? AnchorFile = null);

    /// <summary>None when it was called wrongly.</summary>
    public static Call? Read(string[] args) => args switch
    {
        ["anchor"] => new Call(Verify: false),
        ["verify"] => new Call(Verify: true),
        ["verify", "--anchor", var file] => new Call(Verify: true, file),
        _ => null,
    };

    /// <param name="call">What is asked.</param>
    /// <param name="kept">Lines of anchors.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>0 when it is whole, or printed; 1 when it is broken; <see cref="NoVerdict"/> when that could not be found out.</returns>
    public async Task<int> RunAsync(Call call, string? kept, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (anchors, wrongLine) = AuditAnchor.Read(kept ?? "");
        if (wrongLine is { } line)
            return await NothingAsync(string.Create(CultureInfo.InvariantCulture, $"Line {line} is no anchor."));
        if (kept is not null && anchors.Count == 0)
            return await NothingAsync("There is no anchor in the file.");
        if (await db.BringUpToDateAsync(allowed: false, ct) is { } behind)
            return await NothingAsync(behind);
        return call.Verify ? await VerifyAsync(anchors, ct) : await AnchorAsync(ct);
    }

    private async Task<int> AnchorAsync(CancellationToken ct)
    {
        if (await db.AnchorAsync(clock.GetUtcNow(), ct) is not { } anchor)
            return await NothingAsync("There is no event yet.");
        await output.WriteLineAsync(anchor.ToString());
        return 0;
    }

    private async Task<int> VerifyAsync(IReadOnlyList<AuditAnchor> anchors, CancellationToken ct)
    {
        var verdict = await db.VerifyAsync(anchors, clock.GetUtcNow(), ct);
        if (verdict.Break is { } broken)
            await errors.WriteLineAsync(Words(broken));
        foreach (var check in verdict.Anchors)
        {
            if (check.Fault is { } fault)
                await errors.WriteLineAsync($"{check.Anchor}{Environment.NewLine}  {Words(fault, verdict)}");
        }

        if (!verdict.IsSound)
            return 1;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The chain is whole: {verdict.Events:N0} event(s), {anchors.Count} anchor(s) held."));
        if (verdict.Head is { } head)
            await output.WriteLineAsync(head.ToString());
        return 0;
    }

    private static string Words(ChainBreak broken) => broken.After is { } after
        ? string.Create(CultureInfo.InvariantCulture, $"The chain is broken at event {broken.EventId}: it was altered, or something between it and event {after} was removed, put in or moved.")
        : string.Create(CultureInfo.InvariantCulture, $"The chain is broken at its first event, {broken.EventId}: it was altered, or what came before it was removed.");

    private static string Words(AnchorFault fault, ChainVerdict verdict) => fault switch
    {
        AnchorFault.CutOff => verdict.Head is { } head
            ? string.Create(CultureInfo.InvariantCulture, $"The chain ends at event {head.EventId}, before this one: its end was cut off.")
            : "The chain is empty: all of it was removed.",
        AnchorFault.Missing => "This event is not in the chain any more.",
        _ => "This event has another hash now: it, or something before it, was written anew.",
    };

    private async Task<int> NothingAsync(string reason)
    {
        await errors.WriteLineAsync(reason);
        return NoVerdict;
    }
}
