using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Platform.Start;

/// <summary>
/// Brings the schema up to date and, into an empty database, the plans that ship with the application: when the application starts, or, where the
/// database does not answer then, as soon as it does. Until then the application serves, and says so.
/// </summary>
public sealed partial class PlanDatabasePreparation(
    IServiceScopeFactory scopes, IWebHostEnvironment environment, IConfiguration configuration, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<PlanDatabasePreparation> log)
    : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _said;

    public bool IsDone => _done.Task.IsCompleted;

    /// <summary>Returns once it is done.</summary>
    public Task WaitAsync(CancellationToken ct) => _done.Task.WaitAsync(ct);

    /// <summary>The first try, before anybody is served. A database that refuses, rather than does not answer, ends the start.</summary>
    /// <returns>Why the application cannot start; nothing when it can, or when the database has yet to answer.</returns>
    public async Task<string?> TryAsync(CancellationToken ct)
    {
        try
        {
            return await PrepareAsync(ct);
        }
        catch (Exception error) when (PlanDatabase.IsAway(error))
        {
            Say(error.Message, error);
            return null;
        }
        catch (KeyCertificateMissingException error)
        {
            return error.Message;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, clock);
        while (!IsDone && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // Somebody may bring the schema up to date meanwhile.
                if (await PrepareAsync(stoppingToken) is { } behind)
                    Say(behind, error: null);
            }
            catch (KeyCertificateMissingException error)
            {
                // As at the start: this does not heal by itself.
                Say(error.Message, error);
                lifetime.StopApplication();
                return;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // A server on its way up may refuse what it takes a moment later.
                Say(error.Message, error);
            }
        }
    }

    /// <returns>What has to be done first; nothing when it is done.</returns>
    private async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        if (await db.BringUpToDateAsync(environment.IsDevelopment() || configuration.GetValue<bool>("Database:MigrateOnStart"), ct) is { } behind)
            return behind;
        if (!environment.IsDevelopment() && await db.CanAlterAuditAsync(ct))
            RoleCouldAlterAudit();

        // Several nodes may start on one empty database: one fills it, the others wait and find it done.
        await using var queue = await scope.ServiceProvider.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(ct);
        await using var turn = await queue.BeginTransactionAsync(ct);
        await using (var wait = new NpgsqlCommand("select pg_advisory_xact_lock(7264003)", queue, turn) { CommandTimeout = 0 })
            await wait.ExecuteNonQueryAsync(ct);
        await scope.ServiceProvider.GetRequiredService<KeyProtection>().ProtectAsync(ct);
        await FillAsync(scope.ServiceProvider, db, ct);
        _done.TrySetResult();
        return null;
    }

    private async Task FillAsync(IServiceProvider services, PlanDbContext db, CancellationToken ct)
    {
        await People.EnsureRolesAsync(services);
        if (!await db.Plans.AnyAsync(ct))
        {
            foreach (var folder in ShippedPlans())
                await services.GetRequiredService<PlanLoader>().LoadAsync(PlanPackage.Read(folder), ct);
        }

        if (environment.IsDevelopment())
            await DemonstrationAccounts.EnsureAsync(services, ct);
    }

    /// <summary>In the source tree the packages stand at the top; in a published application beside it.</summary>
    private IEnumerable<string> ShippedPlans()
    {
        var homes = new[] { Path.Combine(AppContext.BaseDirectory, "seed-data", "plans"), Path.Combine(environment.ContentRootPath, "..", "..", "seed-data", "plans") };
        var home = homes.FirstOrDefault(Directory.Exists)
            ?? throw new InvalidOperationException($"No plan packages were found in {string.Join(" or ", homes)}.");
        return Directory.GetDirectories(home).Order(StringComparer.Ordinal);
    }

    /// <summary>Each reason once, not with every try.</summary>
    private void Say(string reason, Exception? error)
    {
        if (string.Equals(_said, reason, StringComparison.Ordinal))
            return;
        _said = reason;
        NotReady(reason, error);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is not ready; pages say so, and it is tried again every second. {Reason}")]
    private partial void NotReady(string reason, Exception? error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database role of the application could alter the audit. Give it one that cannot: migrate --grant-to <role>")]
    private partial void RoleCouldAlterAudit();
}

public static class BeforePreparation
{
    /// <summary>
    /// Answers every page with 503 until the database is prepared. Health and the files that pages load are answered as ever. It stands before
    /// authentication, as who somebody is stands in the database too.
    /// </summary>
    public static void RefuseUntilPrepared(this WebApplication app)
    {
        var preparation = app.Services.GetRequiredService<PlanDatabasePreparation>();
        app.Use((context, next) =>
        {
            if (preparation.IsDone || context.GetEndpoint()?.Metadata.GetMetadata<ControllerActionDescriptor>() is null || TellsAnError(context))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
    }

    private static bool TellsAnError(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerPathFeature>() is not null;
}
