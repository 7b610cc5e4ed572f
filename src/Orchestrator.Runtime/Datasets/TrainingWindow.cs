using System.Collections.Immutable;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Makes the patch that turns a training set into a window of labelled rows that were served.</summary>
internal static class TrainingWindow
{
    /// <summary>Rows outside of the window are dropped, new ones added; one that is known by its id stays as it is, but for its label.</summary>
    /// <param name="window">The rows of the window with their labels, as they were served.</param>
    /// <param name="rows">All rows of <paramref name="into"/>.</param>
    public static DataPatch Patch(SuspectList window, DatasetVersion into, IEnumerable<StoredRow> rows)
    {
        var added = AddedRows.Patch(window, null, into).Changes.Cast<RowChange.Add>().ToDictionary(add => add.Id, StringComparer.Ordinal);
        var changes = new List<RowChange>();
        foreach (var row in rows.OrderBy(row => row.Id, StringComparer.Ordinal))
        {
            changes.AddRange(Change(row, added.GetValueOrDefault(row.Id), into.Manifest.Label!));
            added.Remove(row.Id);
        }

        return DataPatch.Of(into.Dataset, into.Id, changes.Concat(added.Values));
    }

    private static IEnumerable<RowChange> Change(StoredRow row, RowChange.Add? wanted, string label)
    {
        if (wanted is null)
        {
            return [new RowChange.Drop(row.Id, row.Cells)];
        }

        return wanted.Cells[label] == row.Label ? [] : [new RowChange.Relabel(row.Id, row.ContentWithout(label), row.Label, wanted.Cells[label])];
    }
}
