using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;

namespace PlanTracker.Benchmarks;

/// <summary>The plan of the load: as many regions, indicators and quarters as asked for, with standings, and people who enter and view.</summary>
internal static class LoadPlan
{
    public const int Id = 1;
    public const string Code = "synthetic";
    public const string Password = "load of plan tracker";

    /// <summary>The country is the first region, so the first unit is the second.</summary>
    public const int FirstUnit = 2;

    public static async Task FillAsync(BenchmarkDatabase database, LoadMeasure measure, TextWriter output, CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await using (var parameters = new NpgsqlCommand("select set_config('bench.regions', $1, false), set_config('bench.indicators', $2, false), set_config('bench.periods', $3, false)", connection))
        {
            foreach (var number in new[] { measure.Regions, measure.Indicators, measure.Periods })
                parameters.Parameters.Add(new NpgsqlParameter<string> { TypedValue = number.ToString(CultureInfo.InvariantCulture) });
            await parameters.ExecuteNonQueryAsync(ct);
        }

        await TimedAsync("rows and indexes", () => RunAsync("load-plan.sql"));
        await TimedAsync("vacuum analyze", () => SyntheticPlan.ExecuteAsync(connection, "vacuum analyze", ct));
        // Judging so many series by their methods is another benchmark.
        await TimedAsync("standings", () => RunAsync("load-standings.sql"));
        await TimedAsync("statistics", () => SyntheticPlan.ExecuteAsync(connection, "vacuum analyze standings; checkpoint", ct));
        await using var bytes = new NpgsqlCommand("select pg_database_size(current_database())", connection);
        var size = (long)(await bytes.ExecuteScalarAsync(ct))!;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"filled: {"size",-17} {size / 1e9,6:0.0} GB"));

        async Task RunAsync(string file)
        {
            await using var statements = typeof(LoadPlan).Assembly.GetManifestResourceStream(file)!;
            using var reader = new StreamReader(statements);
            await SyntheticPlan.ExecuteAsync(connection, await reader.ReadToEndAsync(ct), ct);
        }

        async Task TimedAsync(string name, Func<Task> work)
        {
            var start = Stopwatch.GetTimestamp();
            await work();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"filled: {name,-17} {Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s"));
        }
    }

    /// <summary>Everybody has the same password, hashed once. Whoever enters does so for one region of their own.</summary>
    public static Task AddPeopleAsync(BenchmarkDatabase database, int entering, int viewing, int regions, CancellationToken ct) => database.WithAsync(async db =>
    {
        var roles = await db.Roles.ToDictionaryAsync(r => r.Name!, r => r.Id, ct);
        var hash = new PasswordHasher<Person>().HashPassword(new Person { DisplayName = "" }, Password);
        for (var number = 0; number < entering + viewing; number++)
        {
            var enters = number < entering;
            var name = string.Create(CultureInfo.InvariantCulture, $"{(enters ? "enters" : "views")}-{(enters ? number : number - entering)}");
            var person = new Person
            {
                Id = Guid.NewGuid(),
                UserName = name,
                NormalizedUserName = name.ToUpperInvariant(),
                DisplayName = name,
                PasswordHash = hash,
                SecurityStamp = Guid.NewGuid().ToString("N"),
                CreatedAt = TimeProvider.System.GetUtcNow(),
                PasswordSetAt = TimeProvider.System.GetUtcNow(),
                LockoutEnabled = true,
            };
            db.Users.Add(person);
            db.UserRoles.Add(new IdentityUserRole<Guid> { UserId = person.Id, RoleId = roles[enters ? Roles.Reporter : Roles.Leader] });
            if (enters)
                db.ScopeGrants.Add(new ScopeGrant { PersonId = person.Id, RegionId = RegionOf(number, regions) });
        }

        await db.SaveChangesAsync(ct);
    });

    /// <summary>Where the person of this number enters.</summary>
    public static int RegionOf(int number, int regions) => FirstUnit + (number * regions / 200 % regions);
}
