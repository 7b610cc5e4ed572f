using System.Collections.Immutable;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A row of a dataset version, its values as text in canonical form.</summary>
/// <param name="Position">Place in the table that it was read from.</param>
/// <param name="Id">Empty where the dataset has no id column.</param>
public sealed record StoredRow(long Position, string Id, string? Label, ImmutableSortedDictionary<string, string?> Cells)
{
    /// <summary>Hash of the whole row.</summary>
    public string Hash => RowContent.Hash(Cells);

    /// <summary>Hash of the row without its label: what a person judged when giving one.</summary>
    public string ContentWithout(string? label) => RowContent.Hash(Cells.Where(cell => cell.Key != label));
}
