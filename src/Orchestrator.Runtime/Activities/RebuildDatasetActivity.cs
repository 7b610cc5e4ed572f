using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Changes the current version of a dataset by a patch and makes the result current.</summary>
public sealed class RebuildDatasetActivity(DatasetVersions versions, ArtifactStore artifacts) : IActivity, ICompensation
{
    private static readonly string[] Operations = ["relabel", "add"];

    public string Type => "Orchestrator.RebuildDataset";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var dataset = call.Text("Dataset");
        var patch = call.OptionalText("Operation") switch
        {
            null or "relabel" => await ReadAsync<DataPatch>(call.Text("Patch"), DataPatch.Read, cancellation),
            "add" => await AddAsync(call, Current(dataset), cancellation),
            { } other => throw new ActivityInputException($"the operation \"{other}\" is not known; allowed: {string.Join(", ", Operations)}"),
        };
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

    private DatasetVersion Current(string dataset) => versions.Current(dataset) ?? throw new DatasetException($"the dataset {dataset} has no version yet");

    private async Task<DataPatch> AddAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation)
    {
        var selected = await ReadAsync(call.Text("SelectedRows"), Json.Read<SuspectList>, cancellation);
        if (selected.Into != current.Dataset)
        {
            throw new ActivityInputException($"the rows were selected for {selected.Into ?? "no dataset"}, not for {current.Dataset}");
        }

        var answers = call.OptionalText("Patch") is { } artifact ? await ReadAsync<DataPatch>(artifact, DataPatch.Read, cancellation) : null;
        return AddedRows.Patch(selected, answers, current);
    }

    private async Task<T> ReadAsync<T>(string artifact, Func<string, T> read, CancellationToken cancellation)
    {
        try
        {
            return read(await artifacts.ReadTextAsync(artifact, cancellation));
        }
        catch (JsonException error)
        {
            throw new ActivityInputException($"the artifact {artifact} is no {typeof(T).Name}: {error.Message}");
        }
    }
}
