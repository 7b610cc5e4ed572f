namespace Orchestrator.Runtime.Keys;

/// <summary>A person's session in a browser, opened with a key and ended with it.</summary>
/// <param name="ExpiresAt">When it ends unless it is used before.</param>
/// <param name="ConfirmedAt">When the person last showed the key itself.</param>
public sealed record Session(ApiKey Key, DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt, DateTimeOffset ConfirmedAt)
{
    /// <summary>How long a session lasts that nobody uses.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    /// <summary>How long a session lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>For how long a shown key opens what needs it to be shown anew.</summary>
    public static readonly TimeSpan Confirmed = TimeSpan.FromMinutes(5);

    public bool IsConfirmed(DateTimeOffset now) => now - ConfirmedAt < Confirmed;
}

/// <summary>A session at the moment of its opening, which is the only time that the text of its cookie is known.</summary>
public sealed record OpenedSession(Session Session, string Text);
