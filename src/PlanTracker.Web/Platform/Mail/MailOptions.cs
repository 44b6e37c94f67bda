using Microsoft.Extensions.Options;
using MimeKit;

namespace PlanTracker.Platform.Mail;

/// <summary>How the connection to the mail server is kept private.</summary>
public enum MailSecurity
{
    /// <summary>Begins in the clear and must be encrypted before anything is said.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte.</summary>
    Tls,

    /// <summary>Not at all: for a server on the same machine.</summary>
    None,
}

/// <summary>The section <c>Mail</c>. Without a host, nothing is sent.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    public string? Host { get; init; }

    public int Port { get; init; } = 587;

    public MailSecurity Security { get; init; }

    /// <summary>Empty: the server asks for none.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Address of the sender, with or without a name.</summary>
    public string? From { get; init; }

    /// <summary>Where people reach the site; the addresses in mails begin with it.</summary>
    public Uri? PublicBaseUrl { get; init; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);

    /// <summary>An address of the site, as it stands in a mail.</summary>
    public string Address(string path) => PublicBaseUrl!.AbsoluteUri.TrimEnd('/') + path;

    /// <summary>What is wrong with the settings is said when the application starts.</summary>
    internal sealed class Check : IValidateOptions<MailOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailOptions options)
        {
            if (!options.IsConfigured)
                return ValidateOptionsResult.Success;
            var faults = new List<string>();
            if (options.Port is < 1 or > 65535)
                faults.Add("Mail:Port is not a port.");
            if (!MailboxAddress.TryParse(options.From ?? "", out var from) || from.Domain.Length == 0)
                faults.Add("Mail:From is not an address such as plantracker@example.org.");
            if (options.PublicBaseUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
                faults.Add("Mail:PublicBaseUrl is not an address such as https://plantracker.example.org.");
            if (options.Security == MailSecurity.None && !string.IsNullOrEmpty(options.Password))
                faults.Add("Mail:Password would go over an open connection: set Mail:Security to StartTls or Tls.");
            return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
        }
    }
}
