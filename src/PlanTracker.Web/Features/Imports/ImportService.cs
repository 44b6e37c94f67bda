using System.Threading.Channels;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Platform.Start;

namespace PlanTracker.Features.Imports;

/// <summary>Wakes the one that works on imports, so that nobody waits for its next look.</summary>
public sealed class ImportBell
{
    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rung.Writer.TryWrite(true);

    /// <summary>Returns when it is rung, or after a while.</summary>
    public async Task WaitAsync(TimeSpan most, TimeProvider clock, CancellationToken ct)
    {
        using var wait = new CancellationTokenSource(most, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, ct);
        try
        {
            await _rung.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look by oneself: another node may have entered something, or left something unfinished. Or the end.
        }
    }
}

/// <summary>Works on imports while the application runs, one after the other.</summary>
public sealed partial class ImportService(
    IServiceScopeFactory scopes, PlanDatabasePreparation preparation, ImportBell bell, TimeProvider clock, ILogger<ImportService> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenPuttingAway = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.WaitAsync(stoppingToken);
        var putAway = clock.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var after = 0;
            while (await PassAsync(after, stoppingToken) is { } done)
                after = done;
            if (clock.GetUtcNow() - putAway >= BetweenPuttingAway)
            {
                putAway = clock.GetUtcNow();
                await PutAwayAsync(stoppingToken);
            }

            await bell.WaitAsync(Between, clock, stoppingToken);
        }
    }

    /// <returns>The import that was looked at; nothing when there is none, or the database is away.</returns>
    private async Task<int?> PassAsync(int after, CancellationToken ct)
    {
        int? id = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var runner = scope.ServiceProvider.GetRequiredService<ImportRunner>();
            id = await runner.NextAsync(after, ct);
            if (id is { } next)
                await runner.RunAsync(next, ct);
            return id;
        }
        catch (Exception error)
        {
            // While the database is away its own check says so; at the end of the application a step is broken off and taken up at the next start.
            if (!ct.IsCancellationRequested && !PlanDatabase.IsAway(error))
                Interrupted(id, error);
            return null;
        }
    }

    private async Task PutAwayAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ImportRunner>().PutAwayAsync(ct);
        }
        catch (Exception error)
        {
            // The next hour will do.
            if (!ct.IsCancellationRequested && !PlanDatabase.IsAway(error))
                Interrupted(import: null, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Import {Import} was broken off and will be taken up again")]
    private partial void Interrupted(int? import, Exception error);
}

public static class ImportStart
{
    public static IServiceCollection AddImports(this IServiceCollection services) =>
        services.AddSingleton<ImportBell>().AddHostedService<ImportService>();
}
