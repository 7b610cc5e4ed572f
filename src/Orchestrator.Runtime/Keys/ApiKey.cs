using System.Collections.Immutable;

namespace Orchestrator.Runtime.Keys;

/// <summary>A key of the API as it is known here: never the key itself.</summary>
/// <param name="Id">Names the key in lists and when it is revoked; derived from its hash.</param>
/// <param name="Name">The person or machine that holds it, and the actor of what is done with it.</param>
public sealed record ApiKey(
    string Id, string Name, ImmutableArray<Role> Roles, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt = null)
{
    /// <summary>Roles for single models; a key without any role for all sees only these.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<Role>> Models { get; init; } = Actor.NoModels;
}

/// <summary>A key at the moment of its making, which is the only time that its text is known.</summary>
public sealed record IssuedKey(ApiKey Key, string Text);
