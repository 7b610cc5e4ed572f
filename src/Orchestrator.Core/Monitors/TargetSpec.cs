using System.Collections.Immutable;

namespace Orchestrator.Core.Monitors;

/// <summary>A place at which the operator wants people or machines to be told.</summary>
public abstract record TargetSpec
{
    private TargetSpec(bool allowPrivate) => AllowPrivate = allowPrivate;

    /// <summary>Whether it may be on this machine or in a private network.</summary>
    public bool AllowPrivate { get; }

    /// <summary>Takes a JSON body, signed where there is a secret.</summary>
    /// <param name="UrlFile">A file that holds the address, which may itself be a secret.</param>
    public sealed record Webhook(string UrlFile, string? SecretFile, bool AllowPrivate) : TargetSpec(AllowPrivate);

    /// <summary>Takes messages in Slack's shape.</summary>
    public sealed record Slack(string UrlFile, bool AllowPrivate) : TargetSpec(AllowPrivate);

    /// <summary>Takes mail over SMTP.</summary>
    public sealed record Email(MailServer Server, string From, ImmutableArray<string> To, bool AllowPrivate) : TargetSpec(AllowPrivate);
}

/// <summary>A server that takes mail.</summary>
/// <param name="PasswordFile">A file that holds the password of <paramref name="User"/>.</param>
public sealed record MailServer(string Host, int Port, MailSecurity Tls, string? User, string? PasswordFile);

/// <summary>How the connection to a mail server is encrypted.</summary>
public enum MailSecurity
{
    /// <summary>From the beginning on.</summary>
    Always,

    /// <summary>By the command STARTTLS, without which nothing is sent.</summary>
    Starttls,

    /// <summary>Not at all.</summary>
    None,
}
