using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>What is to be predicted: what a workflow with these inputs would do to a model.</summary>
/// <param name="Dataset">The dataset that the fix is about; empty where there is none.</param>
/// <param name="Candidates">Rows that people would be asked about.</param>
public sealed record PreviewRequest(
    LoadedRevision Revision, WorkflowDefinition Definition, ImmutableSortedDictionary<string, JsonElement> Inputs, string Dataset, ImmutableArray<Suspect> Candidates);

/// <summary>
/// Predicts what a fix would give. A change that is known beforehand is tried out as it would run; of labels that people have yet to give there is an estimate from those
/// that are suggested. Nothing of it is kept.
/// </summary>
public sealed class FixPreview(DatasetAccess access, ArtifactStore artifacts, Database database, Workspace workspace, FixSandbox sandbox, Clocks clocks)
{
    private const string Basis = "an estimate from the suggested labels, which people have not confirmed";

    public async Task<PredictedEffect> PredictAsync(PreviewRequest request, CancellationToken cancellation)
    {
        var (revision, name) = (request.Revision, ModelOf(request));
        if (name is null || revision.Model(name) is not { Train: { } training, Evaluate: { } evaluate } model)
        {
            return Not(name is null ? "the fix is about no dataset of a monitor" : "the model file says nothing of training or of rows to evaluate on");
        }

        if (training.Runner != Training.InTheBox)
        {
            return Not($"{training.Runner} trains by command; only what {Training.InTheBox} trains is tried out beforehand");
        }

        try
        {
            return OperationOf(request) == "relabel"
                ? await EstimateAsync((model, training, evaluate), request.Candidates, cancellation).ConfigureAwait(false)
                : await sandbox.TryOutAsync(request, model, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DatasetException or TrainingException or ActivityInputException)
        {
            return Not(error.Message);
        }
    }

    public static PredictedEffect Not(string reason) => new(null, null, null, $"not computed: {reason}");

    private static string? ModelOf(PreviewRequest request) =>
        request.Revision.Dataset(request.Dataset) is var (monitor, _) ? monitor.Model : null;

    /// <summary>The operation of the first rebuild; null where the workflow has none.</summary>
    private static string? OperationOf(PreviewRequest request) => FixSandbox.RebuildIn(request.Definition) is not { } rebuild ? null
        : rebuild.Inputs.GetValueOrDefault("Operation") switch
        {
            InputValue.Constant { Value: { ValueKind: JsonValueKind.String } value } => value.GetString(),
            InputValue.WorkflowInput input when request.Inputs.TryGetValue(input.Name, out var value) => value.GetString(),
            _ => "relabel",
        };

    private async Task<PredictedEffect> EstimateAsync((ModelFile Model, Training Training, EvaluationSet Evaluate) authored, ImmutableArray<Suspect> candidates, CancellationToken cancellation)
    {
        var name = authored.Model.Name;
        var champion = database.Read(connection => ChampionStore.Champion(connection, name) is { } id ? ModelStore.Find(connection, id) : null);
        return authored.Model.Task is ModelTask.Regression ? Not("no labels are suggested where numbers are predicted")
            : candidates.IsEmpty ? Not("no rows are to be relabelled")
            : champion is null ? Not($"no version of {name} serves yet")
            : await TryOutAsync(authored, champion, candidates, cancellation).ConfigureAwait(false);
    }

    private async Task<PredictedEffect> TryOutAsync(
        (ModelFile Model, Training Training, EvaluationSet Evaluate) authored, ModelVersion champion, ImmutableArray<Suspect> candidates, CancellationToken cancellation)
    {
        var (model, training, evaluate) = authored;
        var held = await LoadAsync(new DatasetWish(evaluate.Dataset, clocks.Now, Window: evaluate.Window), evaluate, cancellation).ConfigureAwait(false);
        if (held.Rows.Count < Gate.LeastRows)
        {
            return Not($"only {held.Rows.Count} labelled rows to compare on");
        }

        var trained = await LoadAsync(new DatasetWish(training.Dataset, clocks.Now), evaluate, cancellation).ConfigureAwait(false);
        var suggested = candidates.Where(suspect => suspect.Flagged).ToDictionary(suspect => suspect.Id, suspect => suspect.Suggested, StringComparer.Ordinal);
        var rows = trained.Where(row => !trained.HeldOut[row]).Rows;
        var relabelled = rows.WithLabels(rows.Ids.Select((id, row) => suggested.GetValueOrDefault(id) ?? rows.Labels[row]));
        var spec = TrainerSpec.Read(training, model.Task);
        var metric = GateMetric.Of(model);
        var after = Measure(Trainer.Train(spec, relabelled, cancellation), held, model, metric);
        var before = Measure(await artifacts.ReadAsync(champion.Digest, cancellation).ConfigureAwait(false), held, model, metric);
        return new PredictedEffect(metric, before, after, $"{Basis}; on {held.Rows.Count} rows of {evaluate.Dataset}");
    }

    private static double? Measure(byte[] artifact, Examples examples, ModelFile model, string metric) =>
        ScoredModel.Of(Scorer.Load(artifact).Score(examples.Rows), examples.Rows, model.Task).Measure([.. Enumerable.Range(0, examples.Rows.Count)])
            .Values.TryGetValue(metric, out var value) ? value : null;

    private async Task<Examples> LoadAsync(DatasetWish wish, EvaluationSet evaluate, CancellationToken cancellation)
    {
        using var opened = await access.OpenAsync(wish, workspace.Folder, cancellation).ConfigureAwait(false);
        return Examples.Load(opened, evaluate.Holdout, cancellation);
    }
}
