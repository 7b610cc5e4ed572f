using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Fixes;

/// <summary>What a patch does to one row.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(Relabel), "relabel")]
[JsonDerivedType(typeof(Drop), "drop")]
[JsonDerivedType(typeof(Add), "add")]
[JsonDerivedType(typeof(Quarantine), "quarantine")]
[JsonDerivedType(typeof(Release), "release")]
public abstract record RowChange
{
    private RowChange(string id) => Id = id;

    /// <summary>The row's id; one patch changes a row at most once.</summary>
    [JsonPropertyOrder(-1)]
    public string Id { get; }

    /// <summary>The change that undoes this one.</summary>
    public abstract RowChange Reversed();

    /// <param name="Content">Hash of the row without its label: a row that has changed since is left alone.</param>
    /// <param name="From">The label that the row carries; null where it has none.</param>
    public sealed record Relabel(string Id, string Content, string? From, string? To) : RowChange(Id)
    {
        public override RowChange Reversed() => new Relabel(Id, Content, To, From);
    }

    /// <param name="Cells">The whole row, so that it can be brought back.</param>
    public sealed record Drop(string Id, ImmutableSortedDictionary<string, string?> Cells) : RowChange(Id)
    {
        public ImmutableSortedDictionary<string, string?> Cells { get; } = Cells.WithComparers(StringComparer.Ordinal);

        public override RowChange Reversed() => new Add(Id, Cells);
    }

    /// <param name="Cells">Values by column as text in canonical form; null where one is missing.</param>
    public sealed record Add(string Id, ImmutableSortedDictionary<string, string?> Cells) : RowChange(Id)
    {
        public ImmutableSortedDictionary<string, string?> Cells { get; } = Cells.WithComparers(StringComparer.Ordinal);

        public override RowChange Reversed() => new Drop(Id, Cells);
    }

    /// <summary>Takes the row out of the dataset and keeps it aside, in the patch and on the version's list, until it is released.</summary>
    public sealed record Quarantine(string Id, ImmutableSortedDictionary<string, string?> Cells) : RowChange(Id)
    {
        public ImmutableSortedDictionary<string, string?> Cells { get; } = Cells.WithComparers(StringComparer.Ordinal);

        public override RowChange Reversed() => new Release(Id, Cells);
    }

    /// <summary>Brings a row back from quarantine.</summary>
    public sealed record Release(string Id, ImmutableSortedDictionary<string, string?> Cells) : RowChange(Id)
    {
        public ImmutableSortedDictionary<string, string?> Cells { get; } = Cells.WithComparers(StringComparer.Ordinal);

        public override RowChange Reversed() => new Quarantine(Id, Cells);
    }
}
