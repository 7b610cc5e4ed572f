using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Changes the current version of a dataset by a patch and makes the result current.</summary>
public sealed class RebuildDatasetActivity(DatasetVersions versions, RebuildOperations operations, ArtifactStore artifacts, Database database, Authored authored) : IActivity, ICompensation
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
        await RememberAsync(call, patch, cancellation);
        return ActivityResult.Done(
            "Done", ("DatasetVersion", rebuilt.Version.Id), ("Rows", rebuilt.Version.Manifest.Rows), ("Changed", rebuilt.Changes.Total));
    }

    /// <summary>Labels that somebody stands for hold as those that were answered in a queue do: for the row's content and the label set.</summary>
    private async Task RememberAsync(ActivityCall call, DataPatch patch, CancellationToken cancellation)
    {
        if (call.OptionalText("ConfirmedBy") is { } by)
        {
            var model = authored.Dataset(patch.Dataset) is var (monitor, _) && monitor.Model is { } name ? authored.Model(name) : null;
            var confirmed = patch.Changes.OfType<RowChange.Relabel>().Where(change => change.To is not null)
                .Select(change => new ConfirmedLabel(patch.Dataset, change.Id, change.Content, change.To!, VersionSource.LabelSetOf(model), by, call.Now));
            await database.WriteAsync(transaction => ConfirmedLabelStore.Save(transaction, confirmed), cancellation);
        }
    }

    public async Task<ActivityResult> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        await versions.UndoAsync(new VersionChange(call.Key, "compensation", call.Now), call.Of, cancellation);
        return ActivityResult.Done("Done");
    }
}
