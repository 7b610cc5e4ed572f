using System.Collections.Immutable;

namespace Orchestrator.Core.Profiles;

/// <summary>Roles that a person has named; what is absent is guessed.</summary>
public sealed record RoleWish(string? Label, string? Id, string? Time, string? Text, string? Positive, ImmutableArray<string> Ignore)
{
    public static readonly RoleWish None = new(null, null, null, null, null, []);

    public IEnumerable<(string Role, string Column)> Named()
    {
        (string Role, string? Column)[] named = [("label", Label), ("id", Id), ("time", Time), ("text", Text), .. Ignore.Select(column => ("ignore", (string?)column))];
        return named.Where(pair => pair.Column is not null).Select(pair => (pair.Role, pair.Column!));
    }
}
