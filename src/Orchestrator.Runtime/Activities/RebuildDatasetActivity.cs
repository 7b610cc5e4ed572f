using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Changes the current version of a dataset by a patch and makes the result current.</summary>
public sealed class RebuildDatasetActivity(DatasetVersions versions, RebuildOperations operations, ArtifactStore artifacts, Database database) : IActivity, ICompensation
{
    public string Type => "Orchestrator.RebuildDataset";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var dataset = call.Text("Dataset");
        var current = versions.Current(dataset) ?? throw new DatasetException($"the dataset {dataset} has no version yet");
        var patch = await operations.MakeAsync(call, current, cancellation);
        if (patch.Dataset != dataset)
        {
            throw new ActivityInputException($"the patch is for the dataset {patch.Dataset}, not for {dataset}");
        }

        if (database.Read(connection => FixStore.OfInstance(connection, call.InstanceId))?.Plan?.Limits.MaxRows is { } most && patch.Changes.Length > most)
        {
            return new ActivityResult.Failed($"it would change {patch.Changes.Length} of {current.Manifest.Rows} rows of {dataset}, more than the {most} of the rule's max_rows_per_fix", Retryable: false);
        }

        call.Progress($"applying {patch.Changes.Length} changes");
        var artifact = await artifacts.PutTextAsync(patch.Write(), cancellation);
        var rebuilt = await versions.RebuildAsync(new VersionChange(call.Key, call.InstanceId, call.Now), patch, artifact, cancellation);
        return ActivityResult.Done(
            "Done", ("DatasetVersion", rebuilt.Version.Id), ("Rows", rebuilt.Version.Manifest.Rows), ("Changed", rebuilt.Changes.Total));
    }

    public async Task<ActivityResult> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        await versions.UndoAsync(new VersionChange(call.Key, "compensation", call.Now), call.Of, cancellation);
        return ActivityResult.Done("Done");
    }
}
