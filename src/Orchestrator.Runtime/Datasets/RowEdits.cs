using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Changes to the rows of one version that need nothing but the version; the same rows in any order give the same changes.</summary>
internal static class RowEdits
{
    public static IEnumerable<RowChange> Drop(IEnumerable<StoredRow> rows, IReadOnlySet<string> ids) =>
        rows.Where(row => ids.Contains(row.Id)).Select(row => new RowChange.Drop(row.Id, row.Cells));

    public static IEnumerable<RowChange> Quarantine(IEnumerable<StoredRow> rows, IReadOnlySet<string> ids) =>
        rows.Where(row => ids.Contains(row.Id)).Select(row => new RowChange.Quarantine(row.Id, row.Cells));

    /// <summary>Of rows that are equal but for their id, label included, the one with the lowest id stays.</summary>
    public static IEnumerable<RowChange> Dedupe(IEnumerable<StoredRow> rows, string id) =>
        rows.GroupBy(row => RowContent.Hash(row.Cells.Where(cell => cell.Key != id)), StringComparer.Ordinal)
            .SelectMany(same => same.OrderBy(row => row.Id, StringComparer.Ordinal).Skip(1)).Select(row => new RowChange.Drop(row.Id, row.Cells));

    /// <summary>Every class gets as many rows as the rarest (<paramref name="up"/>: as the most frequent, by copies with ids of their own); which ones, a hash of the id decides.</summary>
    public static IEnumerable<RowChange> Rebalance(IEnumerable<StoredRow> rows, string id, bool up)
    {
        var classes = rows.Where(row => row.Label is not null).GroupBy(row => row.Label!, StringComparer.Ordinal)
            .Select(group => group.OrderBy(row => Digest.Of(row.Id), StringComparer.Ordinal).ToList()).ToList();
        var wanted = classes.Select(group => group.Count).DefaultIfEmpty(0);
        return up
            ? classes.SelectMany(group => Enumerable.Range(group.Count, wanted.Max() - group.Count).Select(place => Copy(group[place % group.Count], place / group.Count, id)))
            : classes.SelectMany(group => group.Skip(wanted.Min())).Select(row => new RowChange.Drop(row.Id, row.Cells));
    }

    /// <summary>Throws <see cref="DatasetException"/> where the column is none or the rows need it.</summary>
    public static ColumnChange DropFeature(IReadOnlyCollection<StoredRow> rows, DatasetVersion version, string feature)
    {
        var manifest = version.Manifest;
        var names = manifest.Columns.Select(column => column.Name).Where(name => name != manifest.Id && name != manifest.Label);
        if (!names.Contains(feature, StringComparer.Ordinal))
        {
            throw new DatasetException($"{version.Dataset} has no feature \"{feature}\"; there are {string.Join(", ", names.Take(20))}");
        }

        var cells = rows.DistinctBy(row => row.Id).ToImmutableSortedDictionary(row => row.Id, row => row.Cells[feature], StringComparer.Ordinal);
        return cells.Count == rows.Count
            ? new ColumnChange.Drop(feature, manifest.Columns.First(column => column.Name == feature).Type, cells)
            : throw new DatasetException($"ids of {version.Dataset} occur more than once: a dropped feature could not be brought back");
    }

    private static RowChange.Add Copy(StoredRow row, int number, string id)
    {
        var copy = string.Create(CultureInfo.InvariantCulture, $"{row.Id}~{number}");
        return new(copy, row.Cells.SetItem(id, copy));
    }
}
