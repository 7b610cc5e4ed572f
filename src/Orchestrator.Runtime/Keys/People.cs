using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Keys;

/// <summary>Everybody who may come in: holders of keys, and the people whom the operator's file names.</summary>
public sealed class People(KeyRing keys, OperatorFile operatorFile, string root)
{
    /// <summary>Null where nobody signs in with a password.</summary>
    public PasswordFile? Passwords { get; } = operatorFile.SignIn.PasswordsFile is { } path ? new PasswordFile(root, path) : null;

    /// <summary>A person whom the operator's file names; null for all others.</summary>
    public Actor? Named(string name) => operatorFile.People.TryGetValue(name, out var person) ? Of(name, [person]) : null;

    /// <summary>A person whom the provider knows, with the roles of his name and of his groups; null where neither gives any.</summary>
    public Actor? Known(string name, ImmutableArray<string> groups)
    {
        var entries = groups.Append(name).Where(operatorFile.People.ContainsKey).Select(entry => operatorFile.People[entry]).ToList();
        return operatorFile.SignIn.Provider is null || entries.Count == 0 ? null : Of(name, entries) with { Groups = groups };
    }

    /// <summary>Who is meant, as things stand now; null where he may not come in any more.</summary>
    public Actor? Recognise(Identity identity) => identity.Way switch
    {
        IdentityWay.Key => keys.ById(identity.Id) is { } key ? Actor.Of(key) : null,
        IdentityWay.Password => Passwords?.ProofOf(identity.Id) == identity.Proof ? Named(identity.Id) : null,
        IdentityWay.Provider => Known(identity.Id, identity.Groups),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Actor Of(string name, IReadOnlyCollection<PersonSpec> entries) => new(
        name,
        RolesOf([.. entries.SelectMany(entry => entry.Roles)]),
        entries.SelectMany(entry => entry.Models).GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(model => model.Key, model => RolesOf([.. model.SelectMany(entry => entry.Value)]), StringComparer.Ordinal));

    private static ImmutableArray<Role> RolesOf(ImmutableArray<string> words) => [.. words.Select(word => Enum.Parse<Role>(word, ignoreCase: true)).Distinct().Order()];
}
