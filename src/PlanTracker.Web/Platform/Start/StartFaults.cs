using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace PlanTracker.Platform.Start;

/// <summary>A setting that cannot be used; the message says which, and what it has to be.</summary>
public sealed class SettingException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>What ends a start and can be put right by whoever operates the site is told in a sentence. Anything else keeps its stack trace, for whoever mends it.</summary>
public static class StartFaults
{
    private const string Binder = "Microsoft.Extensions.Configuration.Binder", Addresses = "Microsoft.AspNetCore.Http";

    /// <summary>From here on, for exceptions that nobody catches.</summary>
    public static void TellInSentences() => AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
    {
        if (SentenceOf(fault.ExceptionObject) is not { } sentence)
            return;
        Console.Error.WriteLine(sentence);
        Environment.Exit(1);
    };

    /// <summary>Looks at every setting, before anything is done with one.</summary>
    /// <exception cref="OptionsValidationException">One cannot be used.</exception>
    /// <exception cref="AggregateException">Several cannot.</exception>
    public static void CheckSettings(this WebApplication app) => app.Services.GetService<IStartupValidator>()?.Validate();

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
        _ => null,
    };
}
