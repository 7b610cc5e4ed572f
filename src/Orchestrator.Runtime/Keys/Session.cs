namespace Orchestrator.Runtime.Keys;

/// <summary>A person's session in a browser; it ends with what it was opened with.</summary>
/// <param name="ExpiresAt">When it ends unless it is used before.</param>
/// <param name="ConfirmedAt">When the person last showed who he is.</param>
public sealed record Session(Actor Actor, Identity Identity, DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt, DateTimeOffset ConfirmedAt)
{
    /// <summary>How long a session lasts that nobody uses.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    /// <summary>How long a session lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>For how long what was shown opens what needs it to be shown anew.</summary>
    public static readonly TimeSpan Confirmed = TimeSpan.FromMinutes(5);

    /// <summary>How long a provider is not asked again whether it still knows the person.</summary>
    public static readonly TimeSpan Asked = TimeSpan.FromMinutes(10);

    /// <summary>When the provider was asked last.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Whether it is time to ask the provider.</summary>
    public bool IsToAsk(DateTimeOffset now) => Identity.Way == IdentityWay.Provider && now - AskedAt >= Asked;

    public bool IsConfirmed(DateTimeOffset now) => now - ConfirmedAt < Confirmed;
}

/// <summary>A session at the moment of its opening, which is the only time that the text of its cookie is known.</summary>
public sealed record OpenedSession(Session Session, string Text);
