namespace Orchestrator.Runtime.Addresses;

/// <summary>What is to be sent to an address.</summary>
/// <param name="Url">May be a secret: it stands in no log, no message and no row.</param>
/// <param name="Key">Idempotency key, its hash is sent as <c>webhook-id</c>: who receives one twice knows it.</param>
/// <param name="Secret">What the request is signed with; not signed where null.</param>
public sealed record Letter(string Url, string Key, string Json, string? Secret, bool AllowPrivate);

/// <summary>What became of something that was sent.</summary>
public abstract record Delivery
{
    private Delivery()
    {
    }

    /// <summary>It was taken.</summary>
    public sealed record Taken : Delivery;

    /// <summary>It was not sent: nothing leaves a story that is played.</summary>
    public sealed record Withheld : Delivery;

    /// <summary>It was not taken now, or that is not known: the same thing under the same key may be sent again.</summary>
    public sealed record NotNow(string Reason) : Delivery;

    /// <summary>It is not taken, and would not be if it were sent again.</summary>
    public sealed record Refused(string Reason) : Delivery;
}
