using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace PlanTracker.Platform.Mail;

public enum MailOutcome
{
    Sent,

    /// <summary>The server did not take it: it did not arrive and may be sent again.</summary>
    NotTaken,

    /// <summary>The connection broke while the server was taking it: it may have arrived.</summary>
    Unknown,
}

/// <param name="Outcome">What became of the mail.</param>
/// <param name="Error">Why, where it was not sent.</param>
public sealed record MailAttempt(MailOutcome Outcome, string? Error = null);

/// <summary>Hands mails to the configured server.</summary>
public sealed class Mailer(IOptions<MailOptions> options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<MailAttempt> SendAsync(MimeMessage message)
    {
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            await OpenAsync(client);
        }
        catch (Exception error)
        {
            return new MailAttempt(MailOutcome.NotTaken, error.Message);
        }

        try
        {
            await client.SendAsync(message);
        }
        catch (SmtpCommandException refused)
        {
            return new MailAttempt(MailOutcome.NotTaken, refused.Message);
        }
        catch (Exception error)
        {
            return new MailAttempt(MailOutcome.Unknown, error.Message);
        }

        return new MailAttempt(MailOutcome.Sent);
    }

    private async Task OpenAsync(SmtpClient client)
    {
        var mail = options.Value;
        await client.ConnectAsync(mail.Host!, mail.Port, mail.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        });
        if (!string.IsNullOrEmpty(mail.User))
            await client.AuthenticateAsync(mail.User, mail.Password ?? "");
    }
}

public static class MailStart
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<MailOptions>, MailOptions.Check>().AddSingleton<Mailer>();
    }
}
