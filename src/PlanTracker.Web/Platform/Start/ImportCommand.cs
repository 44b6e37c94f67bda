using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Imports;

namespace PlanTracker.Platform.Start;

/// <summary>
/// Brings a file of figures from a shell, by the same steps as the page: read, look, and, where it is asked for, apply. Whose figures they are is named;
/// what that person may not do, the command does not do either.
/// </summary>
public sealed class ImportCommand(PlanDbContext db, ImportStore store, ImportRunner runner, TextWriter output, TextWriter errors)
{
    public const string Name = "import";

    /// <summary>So many rows with errors are named.</summary>
    private const int MostErrors = 100;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <param name="Plan">Code of the plan.</param>
    /// <param name="File">The file.</param>
    /// <param name="As">Sign-in name of the author.</param>
    public sealed record Call(string Plan, string File, string As)
    {
        public string? Source { get; init; }

        public string? Explanation { get; init; }

        public bool Apply { get; init; }

        /// <summary>Sign-in name of the reviewer who approves it in the same step.</summary>
        public string? ApproveAs { get; init; }
    }

    /// <returns>The call; nothing where the arguments are none.</returns>
    public static Call? Read(string[] args)
    {
        if (args is not [Name, var plan, var file, .. var options])
            return null;
        var (call, @as) = (new Call(plan, file, ""), (string?)null);
        for (var at = 0; at < options.Length; at++)
        {
            if (options[at] == "--apply")
            {
                call = call with { Apply = true };
                continue;
            }

            if (at + 1 == options.Length)
                return null;
            var value = options[at + 1];
            switch (options[at++])
            {
                case "--as":
                    @as = value;
                    break;
                case "--source":
                    call = call with { Source = value };
                    break;
                case "--explanation":
                    call = call with { Explanation = value };
                    break;
                case "--approve-as":
                    call = call with { Apply = true, ApproveAs = value };
                    break;
                default:
                    return null;
            }
        }

        return @as is null ? null : call with { As = @as };
    }

    /// <returns>0 done, 1 refused.</returns>
    public async Task<int> RunAsync(Call call, string path, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (await db.Plans.Where(p => p.Code == call.Plan).Select(p => (int?)p.Id).SingleOrDefaultAsync(ct) is not { } planId)
            return await RefusedAsync($"There is no plan {call.Plan}.");
        if (await PersonAsync(call.As, Roles.Reporter, ct) is not { } author)
            return await RefusedAsync($"There is no reporter {call.As}.");
        Guid? reviewer = call.ApproveAs is null ? null : await PersonAsync(call.ApproveAs, Roles.Reviewer, ct);
        if (call.ApproveAs is not null && reviewer is null)
            return await RefusedAsync($"There is no reviewer {call.ApproveAs}.");
        if (reviewer == author)
            return await RefusedAsync(ImportFaultText.Of(ImportFault.OwnImport).En);
        if (new FileInfo(path).Length > Import.MostBytes)
            return await RefusedAsync(ImportFaultText.Of(FileFaultKind.TooLarge, null, null, null).En);

        try
        {
            var import = await BringAsync(call, path, planId, author, ct);
            return import is null ? 1 : await GoOnAsync(call, import, reviewer ?? author, ct);
        }
        catch (FileRefusedException refused)
        {
            return await RefusedAsync(ImportFaultText.Of(refused.Kind, refused.Line, refused.Column, refused.Detail).En);
        }
    }

    private async Task<Import?> BringAsync(Call call, string path, int planId, Guid author, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        var shape = TableShape.Of(file);
        file.Position = 0;
        var import = await store.ReceiveAsync(planId, author, Path.GetFileName(path), file, shape, ct);
        var read = shape.Encoding is { } encoding ? $"{Kebab.Of(encoding)}, separated by {Kebab.Of(shape.Separator!.Value)}" : $"worksheet {shape.Sheet}";
        await output.WriteLineAsync($"Import {N(import.Id)}: {import.FileName}, {read}");
        foreach (var (name, use) in import.Header.Zip(import.Columns))
            await output.WriteLineAsync($"  {name}: {Kebab.Of(use)}");
        var plan = new ColumnPlan { Columns = import.Columns, Indicator = import.Indicator, Region = import.Region, Period = import.Period, Source = call.Source ?? import.Source };
        if (await store.ReadAsync(import.Id, plan, ct) is { } fault)
        {
            await RefusedAsync($"{ImportFaultText.Of(fault).En} The page of the import lets the columns be chosen.");
            return null;
        }

        return await WorkedAsync(import.Id, ct);
    }

    private async Task<int> GoOnAsync(Call call, Import import, Guid by, CancellationToken ct)
    {
        if (import.State == ImportState.Refused)
            return await RefusedAsync(ImportFaultText.Of(import.Fault!.Value, import.FaultLine, import.FaultColumn, import.FaultDetail).En);
        await output.WriteLineAsync($"{N(import.Rows ?? 0)} figures: {N(import.New)} new, {N(import.Changed)} changed, {N(import.Same)} the same, {N(import.Blank)} blank, {N(import.Errors)} errors, {N(import.Questioned)} questioned.");
        if (import.Errors > 0)
            return await ErrorsAsync(import.Id, ct);
        if (!call.Apply || !import.CanBeApplied)
            return 0;
        if (await store.ApplyAsync(import.Id, by, import.TimesRead, call.Explanation, ct) is { } fault)
            return await RefusedAsync(ImportFaultText.Of(fault).En);
        var applied = await WorkedAsync(import.Id, ct);
        if (applied.State != ImportState.Applied)
            return await RefusedAsync("Something has changed since the file was read; nothing was applied. Look at the import and apply it again.");
        await output.WriteLineAsync($"{N(import.New + import.Changed)} figures {(call.ApproveAs is null ? "wait for review" : "are approved")}.");
        return 0;
    }

    /// <summary>Does what the import waits for, or watches the running application do it, and tells how far it is.</summary>
    private async Task<Import> WorkedAsync(int importId, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var telling = TellAsync(importId, ended.Token);
        try
        {
            while (true)
            {
                await runner.RunAsync(importId, ct);
                var import = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == importId, ct);
                if (!import.IsUnderWay)
                    return import;
                await Task.Delay(Between, ct);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await telling;
        }
    }

    private async Task TellAsync(int importId, CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Between, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested)
                return;
            var (bytes, rows) = await runner.ProgressAsync(importId, CancellationToken.None);
            await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10:N0} kB read, {rows:N0} figures"));
        }
    }

    private async Task<int> ErrorsAsync(int importId, CancellationToken ct)
    {
        await foreach (var row in db.ImportRows.AsNoTracking().Where(r => r.ImportId == importId && r.Verdict == RowVerdict.Error)
            .OrderBy(r => r.Position).Take(MostErrors).AsAsyncEnumerable().WithCancellation(ct))
            await errors.WriteLineAsync($"row {N(row.Line)}, column {N(row.Column)}: {ImportFaultText.Of(row.Fault!.Value, row.Typed, row.Limit).En}");
        return await RefusedAsync(ImportFaultText.Of(ImportFault.HasErrors).En);
    }

    private Task<Guid?> PersonAsync(string name, string role, CancellationToken ct) => (
        from person in db.Users
        join membership in db.UserRoles on person.Id equals membership.UserId
        join held in db.Roles on membership.RoleId equals held.Id
        where person.UserName == name && !person.Disabled && held.Name == role
        select (Guid?)person.Id).SingleOrDefaultAsync(ct);

    private async Task<int> RefusedAsync(string reason)
    {
        await errors.WriteLineAsync(reason);
        return 1;
    }

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
