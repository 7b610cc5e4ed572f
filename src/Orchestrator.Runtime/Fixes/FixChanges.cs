using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Shows what a fix does to rows: what its run did, before that what it waits with or was handed in.</summary>
public sealed class FixChanges(Database database, DatasetVersions versions, ArtifactStore artifacts)
{
    /// <summary>Null where the fix changes no rows, or is not known to yet.</summary>
    public async Task<ChangedRows?> ReadAsync(Fix fix, RowSpan span, CancellationToken cancellation)
    {
        if (Made(fix) is var (before, after))
        {
            return versions.Comparison.Read(before, after, span, cancellation);
        }

        return Artifact(fix) is { } patch
            ? new PatchPages(versions, versions.Pages).Read(DataPatch.Read(await artifacts.ReadTextAsync(patch, cancellation).ConfigureAwait(false)), span, cancellation)
            : null;
    }

    /// <summary>The version before the first change of the fix's run, and the one after its last; what undid them does not count.</summary>
    private (DatasetVersion Before, DatasetVersion After)? Made(Fix fix)
    {
        if (fix is not { InstanceId: { } instance, Plan.Limits.Dataset: { } dataset })
        {
            return null;
        }

        var moves = database.Read(connection => DatasetVersionStore.History(connection, dataset)).Where(move => move.Actor == instance).ToList();
        return moves is [{ From: { } from }, ..] && versions.Find(dataset, from) is { } before && versions.Find(dataset, moves[^1].To) is { } after ? (before, after) : null;
    }

    private static string? Artifact(Fix fix) =>
        fix.Patch?.Sha256 ?? (fix.Plan?.Inputs.TryGetValue("patch", out var handed) == true ? handed.GetString() : null);
}
