using System.Collections.Immutable;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Datasets;

/// <summary>How rows of a dataset change, some of them at a time.</summary>
/// <param name="From">The version before.</param>
/// <param name="To">The version after; absent where it is not made yet.</param>
/// <param name="Counts">Rows by what happens to them: relabelled, changed, dropped, added, quarantined, released.</param>
/// <param name="Total">Entries of the whole list, in the order of their ids.</param>
/// <param name="Columns">Those of either side, in the order of the version before.</param>
/// <param name="Gone">Columns that the rows lose.</param>
/// <param name="Come">Columns that the rows gain.</param>
public sealed record ChangedRows(
    string Dataset, string From, string? To, ImmutableSortedDictionary<string, long> Counts, long Total, long Offset, ImmutableArray<string> Columns, string? Id, string? Label,
    ImmutableArray<string> Gone, ImmutableArray<string> Come, ImmutableArray<ChangedRow> Rows);

/// <summary>What happens to a row.</summary>
/// <param name="Id">Absent where the dataset has no ids.</param>
/// <param name="Times">Rows of one id and content to which the same happens.</param>
/// <param name="Before">The cells in the order of the columns; absent where the row comes.</param>
/// <param name="After">The same afterwards; absent where the row goes.</param>
/// <param name="Changed">Places of the cells that are other afterwards, among those of columns that stay.</param>
public sealed record ChangedRow(string? Id, string Kind, long Times, ImmutableArray<string?>? Before, ImmutableArray<string?>? After, ImmutableArray<int> Changed)
{
    /// <param name="staying">Places of the columns that stay.</param>
    internal static ChangedRow Of((string? Id, string Kind, long Times) change, string?[]? before, string?[]? after, IEnumerable<int> staying) => new(
        change.Id, change.Kind, change.Times, Cells(before), Cells(after), before is null || after is null ? [] : [.. staying.Where(place => before[place] != after[place])]);

    private static ImmutableArray<string?>? Cells(string?[]? cells) => cells?.Select(VersionPages.Shown).ToImmutableArray();
}

/// <summary>Shows a patch that is not applied yet as what it does to the rows of the version that it was made for.</summary>
public sealed class PatchPages(DatasetVersions versions, VersionPages pages)
{
    /// <summary>Null where that version is not known.</summary>
    public ChangedRows? Read(DataPatch patch, RowSpan span, CancellationToken cancellation)
    {
        if (versions.Find(patch.Dataset, patch.Base) is not { } version)
        {
            return null;
        }

        var manifest = version.Manifest;
        var (gone, come) = patch.Column switch
        {
            ColumnChange.Drop drop => (drop.Name, (string?)null),
            ColumnChange.Restore restore => (null, restore.Name),
            _ => (null, null),
        };
        ImmutableArray<string> columns = [.. manifest.Columns.Select(column => column.Name), .. Listed(come)];
        var shown = patch.Changes.Skip((int)Math.Min(span.Offset, patch.Changes.Length)).Take(span.Limit).ToList();
        var rows = pages.Of(version, [.. shown.OfType<RowChange.Relabel>().Select(change => change.Id)], cancellation);
        return new(
            patch.Dataset, patch.Base, null, patch.Changes.GroupBy(Kind).ToImmutableSortedDictionary(group => group.Key, group => (long)group.Count(), StringComparer.Ordinal), patch.Changes.Length, span.Offset,
            columns, manifest.Id, manifest.Label, Listed(gone), Listed(come), [.. shown.Select(change => Of(change, columns, rows, manifest))]);
    }

    private static ImmutableArray<string> Listed(string? column) => column is null ? [] : [column];

    private static ChangedRow Of(RowChange change, ImmutableArray<string> columns, Dictionary<string, ImmutableArray<string?>> rows, DatasetManifest manifest)
    {
        var said = (change.Id, Kind(change), 1L);
        string?[] Cells(ImmutableSortedDictionary<string, string?> cells) => [.. columns.Select(column => cells.GetValueOrDefault(column))];
        return change switch
        {
            RowChange.Relabel relabel => Relabelled(relabel, [.. columns.Select((column, i) => rows.GetValueOrDefault(change.Id) is { IsDefault: false } row && i < row.Length ? row[i] : column == manifest.Id ? change.Id : null)]),
            RowChange.Drop drop => ChangedRow.Of(said, Cells(drop.Cells), null, []),
            RowChange.Quarantine aside => ChangedRow.Of(said, Cells(aside.Cells), null, []),
            RowChange.Add add => ChangedRow.Of(said, null, Cells(add.Cells), []),
            RowChange.Release back => ChangedRow.Of(said, null, Cells(back.Cells), []),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        ChangedRow Relabelled(RowChange.Relabel relabel, string?[] before)
        {
            var label = columns.IndexOf(manifest.Label ?? "");
            return ChangedRow.Of(said, With(before, label, relabel.From), With(before, label, relabel.To), Enumerable.Range(0, columns.Length));
        }
    }

    private static string?[] With(string?[] cells, int place, string? value) => [.. cells.Select((cell, i) => i == place ? value : cell)];

    private static string Kind(RowChange change) => change switch
    {
        RowChange.Relabel => "relabelled",
        RowChange.Drop => "dropped",
        RowChange.Add => "added",
        RowChange.Quarantine => "quarantined",
        RowChange.Release => "released",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
