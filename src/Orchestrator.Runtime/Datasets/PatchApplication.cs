using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Applies a patch to rows that may have changed since it was made: a change whose row is not as it was then is skipped and counted.</summary>
internal static class PatchApplication
{
    public static VersionChanges Apply(VersionTable table, DataPatch patch, CancellationToken cancellation)
    {
        var rows = table.Rows(patch.Changes.Select(change => change.Id), cancellation).ToLookup(row => row.Id, StringComparer.Ordinal);
        var labels = new List<(long Position, string? Label)>();
        var dropped = new List<long>();
        var added = new List<RowChange.Add>();
        foreach (var change in patch.Changes)
        {
            switch (change)
            {
                case RowChange.Relabel relabel:
                    labels.AddRange(rows[change.Id].Where(row => Fits(row, relabel, table.Label)).Select(row => (row.Position, relabel.To)));
                    break;
                case RowChange.Drop drop:
                    dropped.AddRange(rows[change.Id].Where(row => row.Cells.SequenceEqual(drop.Cells)).Select(row => row.Position));
                    break;
                case RowChange.Add add when !rows[change.Id].Any():
                    added.Add(add);
                    break;
            }
        }

        table.Relabel(labels);
        table.Drop(dropped);
        table.Add([.. added.Select(add => add.Cells)]);
        var applied = labels.Count + dropped.Count + added.Count;
        return new(labels.Count, dropped.Count, added.Count, Math.Max(0, patch.Changes.Length - applied));
    }

    private static bool Fits(StoredRow row, RowChange.Relabel relabel, string? label) =>
        label is not null && row.Label == relabel.From && row.ContentWithout(label) == relabel.Content;
}
