using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Fixes;

/// <summary>What a patch does to one column.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(Drop), "drop_feature")]
[JsonDerivedType(typeof(Restore), "restore_feature")]
public abstract record ColumnChange
{
    private ColumnChange(string name) => Name = name;

    [JsonPropertyOrder(-1)]
    public string Name { get; }

    /// <summary>The change that undoes this one.</summary>
    public abstract ColumnChange Reversed();

    /// <param name="Type">The type in which it was stored.</param>
    /// <param name="Cells">Its values by row id, as text in canonical form, so that it can be brought back.</param>
    public sealed record Drop(string Name, string Type, ImmutableSortedDictionary<string, string?> Cells) : ColumnChange(Name)
    {
        public ImmutableSortedDictionary<string, string?> Cells { get; } = Cells.WithComparers(StringComparer.Ordinal);

        public override ColumnChange Reversed() => new Restore(Name, Type, Cells);
    }

    /// <param name="Cells">Values by row id; null in rows that are not named.</param>
    public sealed record Restore(string Name, string Type, ImmutableSortedDictionary<string, string?> Cells) : ColumnChange(Name)
    {
        public ImmutableSortedDictionary<string, string?> Cells { get; } = Cells.WithComparers(StringComparer.Ordinal);

        public override ColumnChange Reversed() => new Drop(Name, Type, Cells);
    }
}
