using System.Collections.Immutable;

namespace Orchestrator.Runtime.Keys;

/// <summary>Who calls: a person or a machine by the name that stands in the audit, and what it may do.</summary>
/// <param name="Roles">For every model; without any, only what belongs to <paramref name="Models"/> is there for it.</param>
/// <param name="Models">Roles for single models.</param>
public sealed record Actor(string Name, ImmutableArray<Role> Roles, ImmutableSortedDictionary<string, ImmutableArray<Role>> Models)
{
    public static readonly ImmutableSortedDictionary<string, ImmutableArray<Role>> NoModels = ImmutableSortedDictionary.Create<string, ImmutableArray<Role>>(StringComparer.Ordinal);

    public static Actor Of(ApiKey key) => new(key.Name, key.Roles, key.Models);

    /// <summary>Somebody who was recognised elsewhere.</summary>
    public static Actor Named(string name) => new(name, [], NoModels);

    /// <summary>The only models that it sees; null where it sees all.</summary>
    public IReadOnlyList<string>? OnlyModels => Roles.IsEmpty ? [.. Models.Keys] : null;

    /// <summary>For every model.</summary>
    public bool May(Role role) => Suffice(Roles, role);

    /// <summary>For every model, or for at least one.</summary>
    public bool MaySomewhere(Role role) => May(role) || Models.Values.Any(roles => Suffice(roles, role));

    /// <summary>For one model; what belongs to none (null) needs the role for every model.</summary>
    public bool MayFor(Role role, string? model) => May(role) || (model is not null && Models.TryGetValue(model, out var roles) && Suffice(roles, role));

    public bool Sees(string? model) => MayFor(Role.Viewer, model);

    /// <summary>Groups that a provider says the person is in, each as <c>oidc:GROUP</c>.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Whether a list of people means this one, by name or by group.</summary>
    public bool Is(string member) => member == Name || Groups.Contains(member, StringComparer.Ordinal);

    /// <summary>Whoever has any role may read; an admin may do everything.</summary>
    private static bool Suffice(ImmutableArray<Role> roles, Role role) => !roles.IsEmpty && (role == Role.Viewer || roles.Contains(role) || roles.Contains(Role.Admin));
}
