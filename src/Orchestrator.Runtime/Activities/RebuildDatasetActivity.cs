using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Applies a data patch to the current version of a dataset and makes the result current.</summary>
public sealed class RebuildDatasetActivity(DatasetVersions versions, ArtifactStore artifacts) : IActivity, ICompensation
{
    public string Type => "Orchestrator.RebuildDataset";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var artifact = call.Text("Patch");
        var patch = Read(await artifacts.ReadTextAsync(artifact, cancellation));
        if (patch.Dataset != call.Text("Dataset"))
        {
            throw new ActivityInputException($"the patch is for the dataset {patch.Dataset}, not for {call.Text("Dataset")}");
        }

        call.Progress($"applying {patch.Changes.Length} changes");
        var rebuilt = await versions.RebuildAsync(new VersionChange(call.Key, call.InstanceId, call.Now), patch, artifact, cancellation);
        return ActivityResult.Done(
            "Done", ("DatasetVersion", rebuilt.Version.Id), ("Rows", rebuilt.Version.Manifest.Rows), ("Changed", rebuilt.Changes.Total));
    }

    public async Task<string?> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        await versions.UndoAsync(new VersionChange(call.Key, "compensation", call.Now), call.Of, cancellation);
        return null;
    }

    private static DataPatch Read(string text)
    {
        try
        {
            return DataPatch.Read(text);
        }
        catch (JsonException error)
        {
            throw new ActivityInputException($"the input Patch is no data patch: {error.Message}");
        }
    }
}
