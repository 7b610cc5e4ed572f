using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Keeps rows in quarantine where their dataset is read again from its authored files.</summary>
internal sealed class KeptAside(ArtifactStore artifacts)
{
    /// <summary>Takes the rows that are kept aside out of what was read, and says which are from now on: one that its author has changed since comes back.</summary>
    public async Task<ImmutableArray<QuarantinedRow>?> TakeOutAsync(VersionTable table, DatasetManifest? current, CancellationToken cancellation)
    {
        if (current?.Quarantine is not { } kept || table.Id is null)
        {
            return current?.Quarantine;
        }

        var aside = await CellsAsync(kept, cancellation);
        var read = table.Rows(kept.Select(row => row.Id), cancellation).ToLookup(row => IsSame(row, aside));
        table.Drop([.. read[true].Select(row => row.Position)]);
        var changed = read[false].Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        var still = kept.RemoveAll(row => changed.Contains(row.Id));
        return still.IsEmpty ? null : still;
    }

    /// <summary>The rows as they were when they were put aside, by id.</summary>
    private async Task<Dictionary<string, ImmutableSortedDictionary<string, string?>>> CellsAsync(ImmutableArray<QuarantinedRow> kept, CancellationToken cancellation)
    {
        var cells = new Dictionary<string, ImmutableSortedDictionary<string, string?>>(StringComparer.Ordinal);
        foreach (var of in kept.GroupBy(row => row.Patch, StringComparer.Ordinal))
        {
            var ids = of.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
            var patch = DataPatch.Read(await artifacts.ReadTextAsync(of.Key, cancellation));
            foreach (var change in patch.Changes.OfType<RowChange.Quarantine>().Where(change => ids.Contains(change.Id)))
            {
                cells[change.Id] = change.Cells;
            }
        }

        return cells;
    }

    /// <summary>Columns that came or went since do not make it another row.</summary>
    private static bool IsSame(StoredRow row, Dictionary<string, ImmutableSortedDictionary<string, string?>> aside) =>
        aside.TryGetValue(row.Id, out var before) && row.Cells.All(cell => !before.TryGetValue(cell.Key, out var was) || was == cell.Value);
}
