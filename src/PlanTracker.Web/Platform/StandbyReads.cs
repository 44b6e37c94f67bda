using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Operations;
using PlanTracker.Platform.Security;

namespace PlanTracker.Platform;

/// <summary>Only shows, and writes nothing on the way: a standby may be asked.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReadsFromStandbyAttribute : Attribute;

/// <summary>The section <c>Database</c>, as far as it is about standbys.</summary>
public sealed class StandbyOptions
{
    public const string Section = "Database";

    /// <summary>Seconds that what a page shows may be behind what was saved; 0: every page is read from the primary.</summary>
    public int StandbyMayBeBehind { get; init; }

    internal sealed class Check(IConfiguration configuration) : IValidateOptions<StandbyOptions>
    {
        public ValidateOptionsResult Validate(string? name, StandbyOptions options) => options.StandbyMayBeBehind switch
        {
            0 => ValidateOptionsResult.Success,
            < 0 or > 300 => ValidateOptionsResult.Fail("Database:StandbyMayBeBehind is a whole number of seconds from 0 to 300."),
            _ when PlanDatabase.NamesSeveral(configuration.GetConnectionString(PlanDatabase.ConnectionName)) => ValidateOptionsResult.Success,
            _ => ValidateOptionsResult.Fail("Database:StandbyMayBeBehind is set, but the connection string names one server. Name the primary and its standbys, with commas between them."),
        };
    }
}

/// <summary>
/// Pages that only show are read from a standby while it is known to be less behind than may be. Whoever has just written reads from the primary
/// until no standby can be behind what they wrote.
/// </summary>
public sealed class StandbyReads(StandbyWatch watch, TimeSpan bound) : BackgroundService
{
    private const string Wrote = "plantracker-wrote", Which = "plantracker-standby";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>A standby, if this scope is that of a request that may be answered from one: for one browser the same one, so that its pages do not go back in time.</summary>
    public NpgsqlDataSource? SourceFor(HttpContext? context, IServiceProvider scope) =>
        context is not null && ReferenceEquals(context.RequestServices, scope)
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.GetEndpoint()?.Metadata.GetMetadata<ReadsFromStandbyAttribute>() is not null
        && !context.Request.Cookies.ContainsKey(Wrote)
        // A program keeps no cookie that says what it wrote, and its token ends at once.
        && !context.Request.BringsToken(context.Request.Path)
            ? watch.Within(bound, int.TryParse(context.Request.Cookies[Which], CultureInfo.InvariantCulture, out var which) ? which : 0)
            : null;

    /// <summary>Notes in the browser that its person has written, or, while it only reads, which of several standbys it goes to, on every node.</summary>
    public void Note(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            // The answer takes its time too.
            Keep(context, Wrote, "1", bound + Between);
        else if (context.GetEndpoint()?.Metadata.GetMetadata<ReadsFromStandbyAttribute>() is not null && !context.Request.Cookies.ContainsKey(Which))
            Keep(context, Which, Random.Shared.Next().ToString(CultureInfo.InvariantCulture), until: null);
    }

    private static void Keep(HttpContext context, string name, string value, TimeSpan? until) => context.Response.Cookies.Append(name, value, new CookieOptions
    {
        MaxAge = until,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        IsEssential = true,
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between);
        do
            await watch.LookAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

public static class StandbyReadsStart
{
    /// <summary>Registers what reads from a standby, if the settings ask for it.</summary>
    public static IServiceCollection AddStandbyReads(this IServiceCollection services, IConfiguration configuration, string? connectionString)
    {
        services.AddOptions<StandbyOptions>().BindConfiguration(StandbyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StandbyOptions>, StandbyOptions.Check>();
        var bound = configuration.GetSection(StandbyOptions.Section).Get<StandbyOptions>()?.StandbyMayBeBehind ?? 0;
        if (bound <= 0 || !PlanDatabase.NamesSeveral(connectionString))
            return services;

        services.AddHttpContextAccessor();
        services.AddSingleton(s =>
        {
            var clock = s.GetRequiredService<TimeProvider>();
            var primary = PlanDatabase.Open(PlanDatabase.ToLook(connectionString!));
            return new StandbyReads(new StandbyWatch(primary, PlanDatabase.OpenEach(connectionString!), clock, s.GetRequiredService<ILogger<StandbyWatch>>()), TimeSpan.FromSeconds(bound));
        });
        return services.AddHostedService(s => s.GetRequiredService<StandbyReads>());
    }

    public static void UseStandbyReads(this WebApplication app)
    {
        if (app.Services.GetService<StandbyReads>() is not { } standby)
            return;
        app.Use((context, next) =>
        {
            standby.Note(context);
            return next(context);
        });
    }
}
