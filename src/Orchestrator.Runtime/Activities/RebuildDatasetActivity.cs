using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Changes the current version of a dataset by a patch and makes the result current.</summary>
public sealed class RebuildDatasetActivity(DatasetVersions versions, RebuildOperations operations, ArtifactStore artifacts) : IActivity, ICompensation
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
