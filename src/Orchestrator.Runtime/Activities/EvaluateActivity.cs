using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Compares a challenger with the champion on rows that the challenger was not trained on.</summary>
public sealed class EvaluateActivity(ModelComparison comparison, Authored authored, ArtifactStore artifacts, Database database) : IActivity
{
    public string Type => "Orchestrator.Evaluate";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var model = call.Text("Model");
        var challenger = database.Read(connection => ModelStore.Find(connection, call.Text("Challenger")));
        if (challenger is null || challenger.Model != model)
        {
            throw new ActivityInputException($"the model {model} has no version {call.Text("Challenger")}");
        }

        call.Progress($"scoring {challenger.Id}");
        try
        {
            return await CompareAsync(call, challenger, cancellation);
        }
        catch (DatasetException error)
        {
            return new ActivityResult.Failed(error.Message, Retryable: false);
        }
    }

    private async Task<ActivityResult> CompareAsync(ActivityCall call, ModelVersion challenger, CancellationToken cancellation)
    {
        var evaluation = await comparison.CompareAsync(challenger, call.Now, call.Folder, cancellation);
        var artifact = await artifacts.PutTextAsync(Json.Write(evaluation), cancellation);
        var overall = evaluation.Overall;
        await database.WriteAsync(transaction => ModelStore.SetMetrics(transaction, challenger.Id, overall.Challenger.Values), cancellation);
        var metric = authored.Model(challenger.Model) is { } model ? GateMetric.Of(model) : "";
        return new ActivityResult.Completed("Done", Outputs(artifact, overall, metric));
    }

    /// <summary>A metric without a value is left out: nothing stands for it.</summary>
    private static ImmutableSortedDictionary<string, JsonElement> Outputs(
        string artifact, PairedResult overall, string metric)
    {
        var outputs = Values.Of(("Evaluation", artifact));
        outputs = overall.Challenger.Values.TryGetValue(metric, out var after) ? outputs.SetItem("Metric", Values.Element(after)) : outputs;
        return overall.Champion?.Values.TryGetValue(metric, out var before) == true ? outputs.SetItem("Champion", Values.Element(before)) : outputs;
    }
}
