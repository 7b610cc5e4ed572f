using System.Collections.Immutable;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Makes the patch that adds selected rows, with their labels, to a dataset.</summary>
internal static class AddedRows
{
    /// <summary>A row whose label nobody knows is left out. Throws <see cref="DatasetException"/> where the rows do not fit the dataset.</summary>
    /// <param name="answers">Labels that people gave; null where none were asked.</param>
    public static DataPatch Patch(SuspectList selected, DataPatch? answers, DatasetVersion into)
    {
        var manifest = into.Manifest;
        if (manifest.Id is not { } id || manifest.Label is not { } label)
        {
            throw new DatasetException($"rows cannot be added to {into.Dataset}: it has no column with the role \"{(manifest.Id is null ? "id" : "label")}\"");
        }

        var features = manifest.Columns.Select(column => column.Name).Where(name => name != id && name != label).ToList();
        if (selected.Rows is [var first, ..] && !features.Exists(first.Cells.ContainsKey))
        {
            throw new DatasetException($"rows of {selected.Dataset} do not fit {into.Dataset}: they have none of its columns {string.Join(", ", features.Take(10))}");
        }

        var given = (answers?.Changes ?? []).OfType<RowChange.Relabel>().ToDictionary(change => change.Id, change => change.To, StringComparer.Ordinal);
        var labelled = selected.Rows.Select(row => (Row: row, Label: given.GetValueOrDefault(row.Id) ?? (row.Given.Length > 0 ? row.Given : null))).Where(pair => pair.Label is not null);
        return DataPatch.Of(into.Dataset, into.Id, labelled.Select(pair => new RowChange.Add(pair.Row.Id, Cells(pair.Row).SetItem(id, pair.Row.Id).SetItem(label, pair.Label))));

        ImmutableSortedDictionary<string, string?> Cells(SuspectRow row) =>
            features.ToImmutableSortedDictionary(name => name, row.Cells.GetValueOrDefault, StringComparer.Ordinal);
    }
}
