using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Data.Operations;
using PlanTracker.Data.Packages;

namespace PlanTracker.Platform.Start;

/// <summary>What the application does from a shell instead of serving pages. Exit codes: 0 done, 1 refused, 2 called wrongly.</summary>
public static class Commands
{
    public const string Usage = """
        Commands:
          load-plan <folder>    take a plan package into the database; all or nothing, repeatable
          create-admin <name>   make an administrator and print the one-time code for setting a password
          import <plan> <file> --as <name> [--source <text>] [--apply [--explanation <text>] [--approve-as <name>]]
                                read a file of figures, say what it would change, and, where asked, apply it; all or nothing
          migrate [--grant-to <role>]
                                bring the database schema up to date; give the role of the application its rights, and, where there is none, make it
                                with the password in Database__ApplicationPassword
          audit verify [--anchor <file>]
                                compute the chain of audit events anew, and look for the anchors in a file: 0 it is whole, 1 it is broken
          audit anchor          print the head of the chain, one line to be kept elsewhere
          digest                print rows and SHA-256 of every table: equal for a backup that was restored and its source
          export <plan> --as <sign-in name> [--format csv|xlsx|sdmx-csv|json-stat|package] [--layout long|wide] [--lang en|zh-Hans]
              [--profile spreadsheet] [--indicator I13] [--task T05] [--region 330000] [--from 2021] [--to 2025-06] [--status behind]
              [--observation A] [--as-of 2023-12-31] [--output file]
                                write the readings that person may see to a file, or to the standard output
          rejudge [plan]        judge one plan anew, or all, and count the standings that differed; 0 is the healthy answer
          assess [file]         judge rows of a CSV file (or of standard input) by every method; needs no database
        Without a command the web application starts.
        """;

    /// <summary>Whether the arguments name a command; options for the host begin with a dash.</summary>
    public static bool Named(string[] args) => args.Length > 0 && !args[0].StartsWith('-');

    /// <summary>Exit code where nothing was done: of the audit 1 says that the chain is broken, which was not found out.</summary>
    public static int WhereRefused(string[] args) => args is [AuditCommand.Name, ..] ? AuditCommand.NoVerdict : 1;

    /// <summary>What a command writes may be a file: the log goes beside it.</summary>
    public static void KeepLogFromOutput(IConfiguration configuration)
    {
        foreach (var console in configuration.GetSection("Serilog:WriteTo").GetChildren().Where(s => s["Name"] is "Console"))
            console["Args:standardErrorFromLevel"] = "Verbose";
    }

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        return args switch
        {
            ["migrate"] => await MigrateAsync(scope.ServiceProvider, role: null, output, errors, ct),
            ["migrate", "--grant-to", var role] => await MigrateAsync(scope.ServiceProvider, role, output, errors, ct),
            [AuditCommand.Name, .. var what] when AuditCommand.Read(what) is { } call => await AuditAsync(scope.ServiceProvider, call, output, errors, ct),
            ["digest"] => await DigestAsync(scope.ServiceProvider, output, ct),
            [ImportCommand.Name, ..] when ImportCommand.Read(args) is { } call => await ImportAsync(scope.ServiceProvider, call, output, errors, ct),
            ["load-plan", var folder] => await LoadPlanAsync(scope.ServiceProvider, folder, output, errors, ct),
            ["rejudge"] => await RejudgeAsync(scope.ServiceProvider, plan: null, output, errors, ct),
            ["rejudge", var plan] => await RejudgeAsync(scope.ServiceProvider, plan, output, errors, ct),
            [ExportCommand.Name, .. var rest] => await ExportAsync(scope.ServiceProvider, rest, errors, ct),
            ["create-admin", var name] => await CreateAdminAsync(scope.ServiceProvider, name, output, errors, ct),
            _ => Wrong(errors),
        };
    }

    /// <summary>Judges a file, or what comes in; what goes out is CSV.</summary>
    public static async Task<int> AssessAsync(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        if (args.Length > 2)
            return Wrong(errors);
        if (args.Length == 1)
            return await AssessCommand.RunAsync(input, output, errors);
        if (Found(args[1], File.Exists) is not { } file)
        {
            await errors.WriteLineAsync($"There is no file {Path.GetFullPath(args[1], TypedIn)}.");
            return 1;
        }

        using var reader = new StreamReader(file);
        return await AssessCommand.RunAsync(reader, output, errors);
    }

    // "dotnet run" starts the application in the project's folder; a path was typed in the shell's.
    private static string TypedIn => Environment.GetEnvironmentVariable("PWD") ?? Environment.CurrentDirectory;

    /// <summary>A path as it was meant where it was typed.</summary>
    internal static string Typed(string path) => Path.GetFullPath(path, TypedIn);

    private static string? Found(string path, Func<string, bool> exists) =>
        new[] { Path.GetFullPath(path), Path.GetFullPath(path, TypedIn) }.FirstOrDefault(exists);

    private static async Task<int> ExportAsync(IServiceProvider services, string[] args, TextWriter errors, CancellationToken ct)
    {
        await using var output = Console.OpenStandardOutput();
        return await ExportCommand.RunAsync(services, args, output, errors, ct);
    }

    private static int Wrong(TextWriter errors)
    {
        errors.WriteLine(Usage);
        return 2;
    }

    private static async Task<int> MigrateAsync(IServiceProvider services, string? role, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var db = services.GetRequiredService<PlanDbContext>();
        if (await db.BringUpToDateAsync(allowed: true, ct) is { } behind)
            return await RefusedAsync(errors, behind);
        await output.WriteLineAsync("The database schema is up to date.");
        if (role is null)
            return 0;
        var password = services.GetRequiredService<IConfiguration>()["Database:ApplicationPassword"];
        if (await ApplicationRole.GrantAsync(services.GetRequiredService<NpgsqlDataSource>(), role, string.IsNullOrEmpty(password) ? null : password, ct) is { } refusal)
            return await RefusedAsync(errors, refusal);
        await output.WriteLineAsync($"The role {role} has the rights of the application.");
        return 0;
    }

    private static async Task<int> AuditAsync(IServiceProvider services, AuditCommand.Call call, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        string? anchors = null;
        if (call.AnchorFile is { } named)
        {
            if (Found(named, File.Exists) is not { } file)
            {
                await errors.WriteLineAsync($"There is no file {Path.GetFullPath(named, TypedIn)}.");
                return AuditCommand.NoVerdict;
            }

            anchors = await File.ReadAllTextAsync(file, ct);
        }

        var command = new AuditCommand(services.GetRequiredService<PlanDbContext>(), services.GetRequiredService<TimeProvider>(), output, errors);
        return await command.RunAsync(call, anchors, ct);
    }

    private static async Task<int> DigestAsync(IServiceProvider services, TextWriter output, CancellationToken ct)
    {
        var lines = await services.GetRequiredService<NpgsqlDataSource>().DigestAsync(ct);
        foreach (var line in lines)
            await output.WriteLineAsync(line.ToString());
        await output.WriteLineAsync($"all {DatabaseDigest.Of(lines)}");
        return 0;
    }

    private static async Task<int> RefusedAsync(TextWriter errors, string reason)
    {
        await errors.WriteLineAsync(reason);
        return 1;
    }

    private static async Task<int> LoadPlanAsync(IServiceProvider services, string folder, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        if (Found(folder, Directory.Exists) is not { } found)
        {
            await errors.WriteLineAsync($"There is no folder {Path.GetFullPath(folder, TypedIn)}.");
            return 1;
        }

        try
        {
            var package = PlanPackage.Read(found);
            if (await services.GetRequiredService<PlanDbContext>().BringUpToDateAsync(allowed: true, ct) is { } behind)
                return await RefusedAsync(errors, behind);
            var report = await services.GetRequiredService<PlanLoader>().LoadAsync(package, ct);
            await output.WriteLineAsync(
                $"{report.Plan}: {report.Elements} elements, {report.Indicators} indicators, {report.Targets} targets, {report.Regions} regions. "
                + (report.Changes + report.NewStatements == 0 ? "Nothing had changed." : $"{report.Changes} rows written, {report.NewStatements} new statements of readings."));
            return 0;
        }
        catch (PackageRefusedException refused)
        {
            await errors.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (DbUpdateException contradiction) when (contradiction.InnerException is PostgresException { ConstraintName: not null })
        {
            await errors.WriteLineAsync($"The plan package contradicts what is stored, nothing was loaded. {contradiction.InnerException.Message}");
            return 1;
        }
    }

    private static async Task<int> ImportAsync(IServiceProvider services, ImportCommand.Call call, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        if (Found(call.File, File.Exists) is not { } file)
        {
            await errors.WriteLineAsync($"There is no file {Path.GetFullPath(call.File, TypedIn)}.");
            return 1;
        }

        var command = new ImportCommand(
            services.GetRequiredService<PlanDbContext>(), services.GetRequiredService<ImportStore>(), services.GetRequiredService<ImportRunner>(), output, errors);
        return await command.RunAsync(call, file, ct);
    }

    private static async Task<int> RejudgeAsync(IServiceProvider services, string? plan, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var db = services.GetRequiredService<PlanDbContext>();
        if (await db.BringUpToDateAsync(allowed: true, ct) is { } behind)
            return await RefusedAsync(errors, behind);
        // A load may hold the plan for long.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        var plans = await db.Plans.Where(p => plan == null || p.Code == plan).OrderBy(p => p.Code).Select(p => new { p.Id, p.Code }).ToListAsync(ct);
        if (plan is not null && plans.Count == 0)
        {
            await errors.WriteLineAsync($"There is no plan {plan}.");
            return 1;
        }

        foreach (var one in plans)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.LockPlanAsync(one.Id, ct);
            var judged = await db.RejudgePlanAsync(one.Id, ct);
            if (judged.Differing > 0)
            {
                db.AuditEvents.Add(new AuditEvent
                {
                    At = services.GetRequiredService<TimeProvider>().GetUtcNow(),
                    Action = "plan.rejudged",
                    Subject = one.Code,
                    Detail = JsonSerializer.Serialize(new { judged.Series, judged.Differing }),
                });
                await db.SaveChangesAsync(ct);
            }

            await transaction.CommitAsync(ct);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{one.Code}: {judged.Series:N0} series judged, {judged.Differing:N0} standings differed."));
        }

        return 0;
    }

    private static async Task<int> CreateAdminAsync(IServiceProvider services, string name, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        if (await services.GetRequiredService<PlanDbContext>().BringUpToDateAsync(allowed: true, ct) is { } behind)
            return await RefusedAsync(errors, behind);
        await People.EnsureRolesAsync(services);
        try
        {
            var code = await People.CreateAdministratorAsync(services, name, ct);
            await output.WriteLineAsync(
                $"Administrator '{name}' may set a password at /en/account/set-up within {PersonStore.SetupCodeLifetime.TotalHours:0} hours. One-time code: {code}");
            return 0;
        }
        catch (InvalidOperationException refused)
        {
            await errors.WriteLineAsync(refused.Message);
            return 1;
        }
    }
}
