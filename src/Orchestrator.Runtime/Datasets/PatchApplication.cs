using System.Collections.Immutable;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Datasets;

/// <summary>What a patch changed, and which rows went into quarantine or came back.</summary>
internal sealed record AppliedPatch(VersionChanges Changes, ImmutableArray<string> Quarantined, ImmutableArray<string> Released);

/// <summary>Applies a patch to rows that may have changed since it was made: a change whose row is not as it was then is skipped and counted.</summary>
internal static class PatchApplication
{
    public static AppliedPatch Apply(VersionTable table, DataPatch patch, CancellationToken cancellation)
    {
        var rows = table.Rows(patch.Changes.Select(change => change.Id), cancellation).ToLookup(row => row.Id, StringComparer.Ordinal);
        var labels = patch.Changes.OfType<RowChange.Relabel>()
            .SelectMany(change => rows[change.Id].Where(row => Fits(row, change, table.Label)).Select(row => (row.Position, change.To))).ToList();
        var dropped = Unchanged(rows, patch.Changes.OfType<RowChange.Drop>().Select(drop => (drop.Id, drop.Cells)));
        var quarantined = Unchanged(rows, patch.Changes.OfType<RowChange.Quarantine>().Select(kept => (kept.Id, kept.Cells)));
        var added = patch.Changes.OfType<RowChange.Add>().Where(add => !rows[add.Id].Any()).ToList();
        var released = patch.Changes.OfType<RowChange.Release>().Where(release => !rows[release.Id].Any()).ToList();
        table.Relabel(labels);
        table.Drop([.. dropped.Concat(quarantined).Select(row => row.Position)]);
        table.Add([.. added.Select(add => add.Cells), .. released.Select(release => release.Cells)]);
        table.Change(patch.Column);
        var changes = new VersionChanges(labels.Count, dropped.Count, added.Count, 0) { Quarantined = quarantined.Count, Released = released.Count };
        return new(
            changes with { Skipped = Math.Max(0, patch.Changes.Length - changes.Total) }, [.. quarantined.Select(row => row.Id)], [.. released.Select(release => release.Id)]);
    }

    private static List<StoredRow> Unchanged(ILookup<string, StoredRow> rows, IEnumerable<(string Id, ImmutableSortedDictionary<string, string?> Cells)> wanted) =>
        [.. wanted.SelectMany(one => rows[one.Id].Where(row => row.Cells.SequenceEqual(one.Cells)))];

    private static bool Fits(StoredRow row, RowChange.Relabel relabel, string? label) =>
        label is not null && row.Label == relabel.From && row.ContentWithout(label) == relabel.Content;
}
