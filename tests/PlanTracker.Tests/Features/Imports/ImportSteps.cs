using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>What people do with files, by the store and the runner of the running application.</summary>
internal sealed class ImportSteps(SeededPlan plan, TimeProvider? clock = null, string planCode = SeededPlan.PlanCode)
{
    public const string Header = "indicator,region,period,value,observation_status,source,note,explanation";

    public Task<Import> BringAsync(string who, string text, string name = "figures.csv") => BringAsync(who, Encoding.UTF8.GetBytes(text), name);

    /// <summary>Brings a file; nobody has said yet what its columns mean.</summary>
    public async Task<Import> BringAsync(string who, byte[] bytes, string name = "figures.csv")
    {
        var person = await plan.PersonAsync(who);
        return await WithAsync(async (db, store, _) =>
        {
            using var file = new MemoryStream(bytes);
            var shape = TableShape.Of(file);
            file.Position = 0;
            var planId = await db.Plans.Where(p => p.Code == planCode).Select(p => p.Id).SingleAsync();
            return await store.ReceiveAsync(planId, person, name, file, shape, CancellationToken.None);
        });
    }

    /// <summary>Has it read as its columns were proposed, with changes.</summary>
    public async Task<Import> ReadAsync(int id, Func<ColumnPlan, ColumnPlan>? with = null)
    {
        await WithAsync(async (db, store, _) =>
        {
            var import = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == id);
            var proposed = new ColumnPlan { Columns = import.Columns, Indicator = import.Indicator, Region = import.Region, Period = import.Period, Source = import.Source };
            (await store.ReadAsync(id, with is null ? proposed : with(proposed), CancellationToken.None)).Should().BeNull("the columns are understood");
            return 0;
        });
        return await DoneAsync(id);
    }

    /// <summary>Brings and reads a file.</summary>
    public async Task<Import> BroughtAsync(string who, string text, Func<ColumnPlan, ColumnPlan>? with = null) => await ReadAsync((await BringAsync(who, text)).Id, with);

    public async Task<Import> AppliedAsync(int id, string who, string? explanation = "Checked with the source.")
    {
        (await ApplyAsync(id, who, explanation)).Should().BeNull("it can be applied");
        return await DoneAsync(id);
    }

    /// <param name="id">Which.</param>
    /// <param name="who">Who says so.</param>
    /// <param name="explanation">Why questioned figures are right.</param>
    /// <param name="timesRead">How often the file had been read when the person looked; as often as by now.</param>
    public async Task<ImportFault?> ApplyAsync(int id, string who, string? explanation = null, int? timesRead = null)
    {
        var person = await plan.PersonAsync(who);
        return await WithAsync(async (db, store, _) =>
            await store.ApplyAsync(id, person, timesRead ?? await db.Imports.Where(i => i.Id == id).Select(i => i.TimesRead).SingleAsync(), explanation, CancellationToken.None));
    }

    public async Task<ImportFault?> RevertAsync(int id, string who, bool isReviewer)
    {
        var person = await plan.PersonAsync(who);
        var fault = await WithAsync((_, store, _) => store.RevertAsync(id, person, isReviewer, "The file was the wrong one.", CancellationToken.None));
        if (fault is null)
            await DoneAsync(id);
        return fault;
    }

    /// <summary>Does what an import waits for, or waits for whoever does it already.</summary>
    public async Task<Import> DoneAsync(int id)
    {
        while (true)
        {
            await WithAsync(async (_, _, runner) =>
            {
                await runner.RunAsync(id, CancellationToken.None);
                return 0;
            });
            var import = await ImportAsync(id);
            if (!import.IsUnderWay)
                return import;
        }
    }

    public Task<Import> ImportAsync(int id) => plan.WithAsync((db, _) => db.Imports.AsNoTracking().SingleAsync(i => i.Id == id));

    public Task<List<ImportRow>> RowsAsync(int id) => plan.WithAsync((db, _) => db.ImportRows.AsNoTracking().Where(r => r.ImportId == id).OrderBy(r => r.Position).ToListAsync());

    public async Task<T> WithAsync<T>(Func<PlanDbContext, ImportStore, ImportRunner, Task<T>> work)
    {
        await using var scope = plan.Application.Services.CreateAsyncScope();
        var (db, source) = (scope.ServiceProvider.GetRequiredService<PlanDbContext>(), scope.ServiceProvider.GetRequiredService<NpgsqlDataSource>());
        var store = new ImportStore(db, clock ?? TimeProvider.System);
        return await work(db, store, new ImportRunner(db, source, store, clock ?? TimeProvider.System));
    }
}
