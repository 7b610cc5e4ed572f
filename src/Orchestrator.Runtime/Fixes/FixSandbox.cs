using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Tries out a change of a dataset that is known before anybody is asked: makes its patch as the workflow would, trains on the result, and has the gate look at that.</summary>
/// <param name="selecting">Activities that only choose rows, and so can be run aside.</param>
public sealed class FixSandbox(
    DatasetVersions versions, RebuildOperations operations, IEnumerable<IActivity> selecting, TrialScoring trials, Workspace workspace, Clocks clocks)
{
    /// <summary>A preview that takes longer is no preview.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, IActivity> _selecting = selecting.ToDictionary(activity => activity.Type, StringComparer.Ordinal);

    /// <summary>What a workflow does to rows: the activity that rebuilds their dataset; the first, where there are several.</summary>
    public static ActivityNode? RebuildIn(WorkflowDefinition definition) =>
        definition.Activities.Values.FirstOrDefault(activity => activity.Type == "Orchestrator.RebuildDataset");

    /// <summary>Throws <see cref="DatasetException"/>, <see cref="TrainingException"/> or <see cref="ActivityInputException"/> where it cannot be tried out.</summary>
    public async Task<PredictedEffect> TryOutAsync(PreviewRequest request, ModelFile model, CancellationToken cancellation)
    {
        if (RebuildIn(request.Definition) is not { } rebuild)
        {
            return FixPreview.Not("the workflow changes no rows");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var folder = Directory.CreateDirectory(Path.Combine(workspace.Attempts, $"preview-{clocks.Real.GetTimestamp()}")).FullName;
        try
        {
            return await TryOutAsync((request, rebuild, model), folder, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return FixPreview.Not($"it takes longer than {Patience.TotalMinutes} minutes");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<PredictedEffect> TryOutAsync((PreviewRequest Request, ActivityNode Rebuild, ModelFile Model) trial, string folder, CancellationToken cancellation)
    {
        var call = new ActivityCall("preview", "preview", await InputsAsync(trial.Request, trial.Rebuild, folder, cancellation).ConfigureAwait(false), folder, clocks.Now, _ => { });
        var dataset = call.Text("Dataset");
        if (dataset != trial.Model.Train!.Dataset)
        {
            return FixPreview.Not($"{trial.Model.Name} does not learn from {dataset}");
        }

        var current = versions.Current(dataset) ?? throw new DatasetException($"the dataset {dataset} has no version yet");
        var patch = await operations.MakeAsync(call, current, cancellation).ConfigureAwait(false);
        var draft = await versions.DraftAsync(patch, folder, cancellation).ConfigureAwait(false);
        var evaluation = await trials.CompareAsync(trial.Model, draft, folder, cancellation).ConfigureAwait(false);
        var metric = GateMetric.Of(trial.Model);
        var (before, after) = (evaluation.Overall.Champion?.Values, evaluation.Overall.Challenger.Values);
        return new PredictedEffect(metric, Value(before, metric), Value(after, metric), FormattableString.Invariant(
            $"tried out on {draft.Version.Manifest.Rows} rows of {dataset} as they are now; on {evaluation.Overall.Rows} rows of {evaluation.Dataset}"))
        {
            Trial = new FixTrial(patch.Changes.Length, draft.Version.Manifest.Rows, evaluation, Gate.Decide(trial.Model, evaluation)),
        };
    }

    private static double? Value(ImmutableSortedDictionary<string, double>? values, string metric) => values?.TryGetValue(metric, out var value) == true ? value : null;

    /// <summary>The inputs that the activity would get, as far as they are known before the workflow runs.</summary>
    private async Task<ImmutableSortedDictionary<string, JsonElement>> InputsAsync(PreviewRequest request, ActivityNode node, string folder, CancellationToken cancellation)
    {
        var inputs = Values.Empty.ToBuilder();
        foreach (var input in node.Descriptor!.Inputs)
        {
            var raw = await RawAsync(request, node.Inputs.GetValueOrDefault(input.Name), folder, cancellation).ConfigureAwait(false);
            var given = raw is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? input.Default : raw;
            if (given is { } value && ValueTypes.Convert(input.Type, value) is { } converted)
            {
                inputs[input.Name] = converted;
            }
        }

        return inputs.ToImmutable();
    }

    private async Task<JsonElement?> RawAsync(PreviewRequest request, InputValue? value, string folder, CancellationToken cancellation) => value switch
    {
        null => null,
        InputValue.Constant constant => constant.Value,
        InputValue.WorkflowInput input => request.Inputs.TryGetValue(input.Name, out var given) ? given : null,
        InputValue.Variable variable => await MadeAsync(request, variable.Id, folder, cancellation).ConfigureAwait(false),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What an activity that only chooses rows would put into a variable; the variable's first value where it is another's.</summary>
    private async Task<JsonElement?> MadeAsync(PreviewRequest request, string variable, string folder, CancellationToken cancellation)
    {
        var maker = request.Definition.Activities.Values.FirstOrDefault(activity => activity.Outputs.ContainsValue(variable) && _selecting.ContainsKey(activity.Type));
        if (maker is null)
        {
            return request.Definition.AllVariables.GetValueOrDefault(variable)?.Initial;
        }

        var call = new ActivityCall("preview", "preview", await InputsAsync(request, maker, folder, cancellation).ConfigureAwait(false), folder, clocks.Now, _ => { });
        var made = await _selecting[maker.Type].RunAsync(call, cancellation).ConfigureAwait(false) as ActivityResult.Completed
            ?? throw new DatasetException($"{maker.DisplayName} chooses no rows");
        return made.Outcome == "None" ? throw new DatasetException($"{maker.DisplayName} finds no rows")
            : made.Outputs.TryGetValue("Unlabelled", out var waiting) && waiting.GetInt32() > 0
            ? throw new DatasetException($"{waiting.GetInt32()} of {made.Outputs["Count"].GetInt32()} rows that would be added have no label until people give it")
            : made.Outputs.TryGetValue(maker.Outputs.First(output => output.Value == variable).Key, out var value) ? value : null;
    }
}
