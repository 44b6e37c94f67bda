using PlanTracker.Features.Account;
using PlanTracker.Features.Api;
using PlanTracker.Features.Elements;
using PlanTracker.Features.Errors;
using PlanTracker.Features.Imports;
using PlanTracker.Features.Rounds;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;
using PlanTracker.Platform.Start;
using Serilog;

if (args is [AssessCommand.Name, ..])
    return await Commands.AssessAsync(args, Console.In, Console.Out, Console.Error);

StartFaults.TellInSentences(args);
var builder = WebApplication.CreateBuilder(args);
if (Commands.Named(args))
    Commands.KeepLogFromOutput(builder.Configuration);
builder.Services.AddSerilog((_, log) => log.ReadFrom.Configuration(builder.Configuration));
builder.Services.AddSingleton(TimeProvider.System);
await using var database = await builder.AddPlanDatabaseAsync(forCommand: Commands.Named(args));
if (database.Refusal is { } refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return Commands.WhereRefused(args);
}

builder.AddKeys();
builder.AddPeople();
builder.AddTelemetry();
builder.Services.AddRequestLanguage().AddHealth().AddCompression().AddPages().AddReminders().AddImports().AddRequestRates().AddTrustedProxies().AddApi();
builder.Services.AddScoped<Passwords>().AddScoped<Passkeys>().AddScoped<ProofOfOwner>().AddScoped<SignInLedger>().AddScoped<PeopleByService>().AddScoped<OwnAccount>().AddScoped<ElementMilestones>().AddSingleton<PageOfForm>();

await using var app = builder.Build();
if (Commands.Named(args))
    return await Commands.RunAsync(app.Services, args, Console.Out, Console.Error, CancellationToken.None);

app.CheckSettings();
if (await app.Services.GetRequiredService<PlanDatabasePreparation>().TryAsync(CancellationToken.None) is { } behind)
{
    await Console.Error.WriteLineAsync(behind);
    return 1;
}

app.UseTrustedProxies();
app.UseSecurityHeaders();
app.UseRequestLog();
app.UseExceptionHandler("/error");
app.UseStatusCodePagesWithReExecute("/error/{0}");
app.UseHttpsSite();
app.UseRouting();
app.UseStandbyReads();
app.UseCompression();
app.UseRequestLocalization();
app.UseRememberedLanguage();
app.RefuseUntilPrepared();
app.UseAuthentication();
app.UseMiddleware<RequestRates>();
app.UseAuthorization();
app.RefuseUnsafeText();
app.UseAntiforgery();

app.MapStaticAssets().AllowAnonymous();
app.MapHealth();
app.MapControllers().WithStaticAssets();
app.AddGreeting();
app.Lifetime.ApplicationStarted.Register(StartFaults.Over);
await app.RunAsync();
return 0;

/// <summary>The application; named so that tests can start it.</summary>
public partial class Program;
