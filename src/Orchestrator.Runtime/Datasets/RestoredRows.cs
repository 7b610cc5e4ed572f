using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Rows that went out through a CSV file of ours and came back: texts that got an apostrophe on the way are as they were before.</summary>
internal static class RestoredRows
{
    /// <summary>Only what equals a text of the version, or one of its classes, is taken back: an apostrophe that a person wrote stays.</summary>
    public static IReadOnlyList<StoredRow> Of(IReadOnlyList<StoredRow> before, IReadOnlyList<StoredRow> after, DatasetManifest manifest)
    {
        var old = before.ToLookup(row => row.Id, StringComparer.Ordinal);
        var labels = before.Select(row => row.Label).OfType<string>().ToImmutableHashSet(StringComparer.Ordinal);
        return [.. after.Select(row => Restored(row, old, labels, manifest))];
    }

    private static StoredRow Restored(StoredRow row, ILookup<string, StoredRow> old, ImmutableHashSet<string> labels, DatasetManifest manifest)
    {
        var id = old.Contains(row.Id) || !old.Contains(SpreadsheetCell.Restored(row.Id)) ? row.Id : SpreadsheetCell.Restored(row.Id);
        var known = old[id].FirstOrDefault();
        var cells = row.Cells.ToImmutableSortedDictionary(cell => cell.Key, cell => cell.Value is { } text ? Restored(text, known?.Cells.GetValueOrDefault(cell.Key)) : null, StringComparer.Ordinal);
        var label = row.Label is { } given && !labels.Contains(given) && labels.Contains(SpreadsheetCell.Restored(given)) ? SpreadsheetCell.Restored(given) : row.Label;
        cells = cells.SetItem(manifest.Id!, id);
        return row with { Id = id, Label = label, Cells = manifest.Label is { } column ? cells.SetItem(column, label) : cells };
    }

    private static string Restored(string text, string? before) => before is not null && text != before && SpreadsheetCell.Restored(text) == before ? before : text;
}
