using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>A running server of a cluster, started here or left behind by an application that was killed.</summary>
internal sealed class PostgresProcess(PostmasterFile file, Func<bool> hasEnded, ILogger logger, TimeProvider time)
{
    private const int Attempts = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_beforeNextAttempt = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(15);

    // Replaying the log after a power cut can take long.
    private static readonly TimeSpan s_startWithin = TimeSpan.FromMinutes(2);

    public int Port => file.Port;
    public int ProcessId => file.ProcessId;

    /// <summary>The server that a killed application left running; null when there is none, or it would not answer.</summary>
    public static async Task<PostgresProcess?> TakeOverAsync(PostgresCluster cluster, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        while (PostmasterFile.Read(cluster.Data) is { } file)
        {
            var left = new PostgresProcess(file, () => !file.NamesItsServer(), logger, time);
            if (await AnswersAsync(cluster, file.Port, ct))
            {
                logger.TakenOver(file.ProcessId, file.Port, cluster.Folder);
                return left;
            }
            if (!file.NamesItsServer())
            {
                if (file.RemoveIfMisleading()) logger.MisleadingPidRemoved(file.ProcessId, cluster.Folder);
                return null;
            }
            // It is ours, but starting, or stopping, or stuck.
            if (time.GetElapsedTime(since) > s_startWithin) await left.StopAsync();
            await Task.Delay(s_pause, time, ct);
        }
        return null;
    }

    /// <exception cref="InvalidOperationException">It ends again and again; the message holds the end of its log.</exception>
    /// <exception cref="TimeoutException">It runs, but does not answer in time.</exception>
    public static async Task<PostgresProcess> StartAsync(PostgresLaunch launch, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        await launch.Cluster.PrepareAsync(ct);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var port = launch.Port ?? FreePort();
            var child = Process.Start(launch.OnPort(port))!;
            if (await ReadyAsync(child, port, launch.Cluster, time, ct) is { } file)
                return new PostgresProcess(file, () => child.HasExited, logger, time);

            // Somebody took the port meanwhile, or the last children of a killed server are still on their way out.
            await Task.Delay(s_beforeNextAttempt, time, ct);
        }
        throw new InvalidOperationException(
            $"PostgreSQL ended {Attempts} times before it was ready. The end of {launch.Cluster.Log}:\n{launch.Cluster.EndOfLog()}");
    }

    /// <summary>Ends the server in good order, and by force only when that takes too long.</summary>
    public async Task StopAsync()
    {
        if (hasEnded()) return;
        PostgresSignal.Interrupt(file.ProcessId);
        if (await HasEndedWithinAsync(s_stopWithin)) return;

        logger.Killing(file.ProcessId, s_stopWithin);
        PostgresSignal.Kill(file.ProcessId);
        await HasEndedWithinAsync(s_stopWithin);
    }

    private async Task<bool> HasEndedWithinAsync(TimeSpan limit)
    {
        var since = time.GetTimestamp();
        while (!hasEnded())
        {
            if (time.GetElapsedTime(since) > limit) return false;
            await Task.Delay(s_pause, time);
        }
        return true;
    }

    /// <summary>What the server wrote about itself once it is ready and answers; null when it ended before.</summary>
    private static async Task<PostmasterFile?> ReadyAsync(
        Process child, int port, PostgresCluster cluster, TimeProvider time, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        try
        {
            while (!child.HasExited)
            {
                if (PostmasterFile.Read(cluster.Data) is { SaysReady: true } file && file.Port == port && await cluster.IsServedAsync(port, ct))
                    return file;
                if (time.GetElapsedTime(since) > s_startWithin)
                    throw new TimeoutException($"PostgreSQL was not ready within {s_startWithin}. The end of {cluster.Log}:\n{cluster.EndOfLog()}");
                await Task.Delay(s_pause, time, ct);
            }
            return null;
        }
        catch when (!child.HasExited)
        {
            PostgresSignal.Interrupt(child.Id);
            throw;
        }
    }

    public static async Task<bool> AnswersAsync(PostgresCluster cluster, int port, CancellationToken ct)
    {
        try
        {
            return port > 0 && await cluster.IsServedAsync(port, ct);
        }
        catch (PostgresException)
        {
            // Another server has that port by now.
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
