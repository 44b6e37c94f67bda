using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Data.Imports;

namespace PlanTracker.Tests.Support;

/// <summary>An import that somebody has asked to apply, and that nobody works on yet.</summary>
internal static class ImportToApply
{
    private const int Regions = 31, FirstYear = 1980, Years = 12;

    public const int Figures = Regions * Years;

    /// <summary>The lock that the last step of an import, its audit event, has to wait for: by then every figure is written, and nothing is committed.</summary>
    public const string LastStep = "7264001";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<int> MakeAsync(KeptServer server)
    {
        // Else the import were applied before anything can be killed.
        await using var application = new PlanApplication(server.ConnectionString + ";Pooling=false") { ImportsWait = true };
        await using var scope = application.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        var store = scope.ServiceProvider.GetRequiredService<ImportStore>();
        var author = await db.Users.Where(p => p.UserName == "reporter").Select(p => p.Id).SingleAsync(Ct);
        using var file = new MemoryStream(await TextAsync(db));
        var shape = TableShape.Of(file);
        file.Position = 0;
        var import = await store.ReceiveAsync(await db.Plans.Select(p => p.Id).SingleAsync(Ct), author, "figures.csv", file, shape, Ct);
        (await store.ReadAsync(import.Id, new ColumnPlan { Columns = import.Columns }, Ct)).Should().BeNull();
        await scope.ServiceProvider.GetRequiredService<ImportRunner>().RunAsync(import.Id, Ct);
        (await store.ApplyAsync(import.Id, author, timesRead: 1, "Counted.", Ct)).Should().BeNull();
        (await db.ImportRows.CountAsync(r => r.ImportId == import.Id && r.Verdict == RowVerdict.New, Ct)).Should().Be(Figures);
        return import.Id;
    }

    public static Task WrittenAndWaitingAsync(KeptServer server) =>
        server.HoldsAsync("select exists (select from pg_stat_activity where wait_event = 'advisory' and query ilike '%audit_events%')");

    public static Task AppliedAsync(KeptServer server, int import) => server.HoldsAsync($"select state = 'applied' from imports where id = {import}");

    public static Task<long> FiguresOfAsync(KeptServer server, int import) => server.AskAsync<long>($"select count(*) from reading_revisions where import_id = {import}");

    private static async Task<byte[]> TextAsync(PlanDbContext db)
    {
        var regions = await db.Cells().Where(c => c.Indicator.Code == "P-RD-INT" && c.Region.Kind == RegionKind.Unit)
            .OrderBy(c => c.Region.Position).Select(c => c.Region.Code).Take(Regions).ToListAsync(Ct);
        var text = new StringBuilder("indicator,region,period,value,observation_status,source,note,explanation\n");
        foreach (var region in regions)
        {
            for (var year = FirstYear; year < FirstYear + Years; year++)
                text.Append(CultureInfo.InvariantCulture, $"P-RD-INT,{region},{year},1.{year % 10},A,Yearbook,,Counted.\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
