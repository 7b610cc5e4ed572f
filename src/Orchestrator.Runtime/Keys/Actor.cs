using System.Collections.Immutable;

namespace Orchestrator.Runtime.Keys;

/// <summary>Who calls: a person or a machine by the name that stands in the audit, and what it may do.</summary>
public sealed record Actor(string Name, ImmutableArray<Role> Roles)
{
    public static Actor Of(ApiKey key) => new(key.Name, key.Roles);

    /// <summary>Somebody who was recognised elsewhere.</summary>
    public static Actor Named(string name) => new(name, []);

    /// <summary>Everybody may read; an admin may do everything.</summary>
    public bool May(Role role) => role == Role.Viewer || Roles.Contains(role) || Roles.Contains(Role.Admin);

    /// <summary>Groups that a provider says the person is in, each as <c>oidc:GROUP</c>.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Whether a list of people means this one, by name or by group.</summary>
    public bool Is(string member) => member == Name || Groups.Contains(member, StringComparer.Ordinal);
}
