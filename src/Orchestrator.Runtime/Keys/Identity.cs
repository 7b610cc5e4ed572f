using System.Collections.Immutable;

namespace Orchestrator.Runtime.Keys;

/// <summary>How a person showed who he is.</summary>
public enum IdentityWay
{
    Key,
    Password,
    Provider,
}

/// <summary>What a session remembers of whoever opened it: enough to ask, at each request, whether he may still come in.</summary>
/// <param name="Id">The key's id, or the person's name.</param>
/// <param name="Proof">Changes when what he showed is not valid any more: the hash of the password's hash, the provider's own name for the person; empty for keys, which are looked up.</param>
public sealed record Identity(IdentityWay Way, string Id, string Proof)
{
    /// <summary>The groups that the provider said the person is in, each as <c>oidc:GROUP</c>.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    public static Identity Of(ApiKey key) => new(IdentityWay.Key, key.Id, "");

    /// <summary>Whether the same person showed himself in the same way.</summary>
    public bool IsSame(Identity other) => (Way, Id, Proof) == (other.Way, other.Id, other.Proof);
}
