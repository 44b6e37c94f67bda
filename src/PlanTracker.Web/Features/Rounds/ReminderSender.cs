using Microsoft.Extensions.Options;
using PlanTracker.Data;
using PlanTracker.Platform.Mail;
using PlanTracker.Platform.Start;

namespace PlanTracker.Features.Rounds;

/// <summary>One pass over the reminders: enters those that are due, then takes and sends one after the other.</summary>
public sealed class ReminderSender(PlanDbContext db, ReminderQueue queue, Mailer mailer, IOptions<MailOptions> mail, TimeProvider clock)
{
    public async Task PassAsync(CancellationToken ct)
    {
        if (!mail.Value.IsConfigured)
            return;
        await queue.PlanAsync(ct);
        while (!ct.IsCancellationRequested && await queue.ClaimAsync(ct) is { } reminder)
        {
            // What is taken is brought to its end, also while the application stops.
            var attempt = await SendAsync(reminder);
            await queue.SettleAsync(reminder.Id, attempt is null ? ReminderState.Dropped : StateOf(attempt.Outcome), attempt?.Error, CancellationToken.None);
        }
    }

    /// <returns>Nothing where nothing is due any more.</returns>
    private async Task<MailAttempt?> SendAsync(ClaimedReminder reminder)
    {
        if (!reminder.Wanted || string.IsNullOrEmpty(reminder.Address))
            return null;
        var rounds = await db.RoundsDueAsync(reminder.PlanId, reminder.PersonId, clock.GetUtcNow(), CancellationToken.None);
        return rounds.FirstOrDefault(r => string.Equals(r.Code, reminder.RoundCode, StringComparison.Ordinal)) is { } due
            ? await mailer.SendAsync(ReminderMail.Of(reminder, due, mail.Value))
            : null;
    }

    private static ReminderState StateOf(MailOutcome outcome) => outcome switch
    {
        MailOutcome.Sent => ReminderState.Sent,
        MailOutcome.NotTaken => ReminderState.Failed,
        _ => ReminderState.Unknown,
    };
}

/// <summary>Sends reminders while the application runs.</summary>
public sealed partial class ReminderService(
    IServiceScopeFactory scopes, PlanDatabasePreparation preparation, IOptions<MailOptions> mail, TimeProvider clock, ILogger<ReminderService> log)
    : BackgroundService
{
    public static readonly TimeSpan Between = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mail.Value.IsConfigured)
            return;
        await preparation.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Between, clock);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ReminderSender>().PassAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The next pass takes up what this one left; what was being sent stays marked so.
                Interrupted(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending reminders was interrupted")]
    private partial void Interrupted(Exception error);
}

public static class ReminderStart
{
    public static IServiceCollection AddReminders(this IServiceCollection services) =>
        services.AddMail().AddScoped<ReminderSender>().AddHostedService<ReminderService>();
}
