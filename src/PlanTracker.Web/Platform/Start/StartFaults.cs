using Microsoft.AspNetCore.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PlanTracker.Data;

namespace PlanTracker.Platform.Start;

/// <summary>A setting that cannot be used; the message says which, and what it has to be.</summary>
public sealed class SettingException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>What ends a start and can be put right by whoever operates the site is told in a sentence. Anything else keeps its stack trace, for whoever mends it.</summary>
public static class StartFaults
{
    private const string Binder = "Microsoft.Extensions.Configuration.Binder", Addresses = "Microsoft.AspNetCore.Http";

    private static volatile bool s_over;

    /// <summary>From here on, for exceptions that nobody catches, until the start is over.</summary>
    public static void TellInSentences(string[] args) => AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
    {
        if (s_over || SentenceOf(fault.ExceptionObject) is not { } sentence)
            return;
        Console.Error.WriteLine(sentence);
        Environment.Exit(Commands.WhereRefused(args));
    };

    /// <summary>Looks at every setting, before anything is done with one.</summary>
    /// <exception cref="OptionsValidationException">One cannot be used.</exception>
    /// <exception cref="AggregateException">Several cannot.</exception>
    public static void CheckSettings(this WebApplication app) => app.Services.GetService<IStartupValidator>()?.Validate();

    /// <summary>The site serves: what goes wrong from here on is no fault of its start.</summary>
    public static void Over() => s_over = true;

    private static string? SentenceOf(object error) => error switch
    {
        AggregateException several => several.InnerExceptions.Select(SentenceOf).ToList() is var sentences && sentences.Contains(null) ? null : string.Join(Environment.NewLine, sentences),
        OptionsValidationException wrong => string.Join(Environment.NewLine, wrong.Failures),
        SettingException wrong => wrong.Message,
        // A word where a number has to be; a file of settings that is none; an address that is none or taken.
        InvalidOperationException { Source: Binder } wrong => wrong.Message,
        InvalidDataException { InnerException: { } reason } wrong => $"{wrong.Message} {reason.Message}",
        FormatException { Source: Addresses } wrong => wrong.Message,
        IOException { InnerException: AddressInUseException } taken => taken.Message,
        PostgresException { SqlState: ['2', '8', ..] or PostgresErrorCodes.InvalidCatalogName } refused => $"The database refuses the connection: {refused.MessageText}",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "The database is a standby: name its primary.",
        // A statement that took too long is not a database that does not answer.
        NpgsqlException { InnerException: TimeoutException } => null,
        NpgsqlException away when PlanDatabase.IsAway(away) => $"The database does not answer: {away.Message}{(away.InnerException is { } reason && !away.Message.Contains(reason.Message, StringComparison.Ordinal) ? $" ({reason.Message})" : "")}",
        InvalidOperationException or DbUpdateException => ((Exception)error).InnerException is NpgsqlException inner ? SentenceOf(inner) : null,
        _ => null,
    };
}
