using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Predicts what relabelling would give: trains aside on the suggested labels and scores the rows that models are compared on. Nothing of it is kept.</summary>
public sealed class FixPreview(DatasetAccess access, ArtifactStore artifacts, Database database, Workspace workspace, Clocks clocks)
{
    private const string Basis = "an estimate from the suggested labels, which people have not confirmed";

    public async Task<PredictedEffect> EstimateAsync(LoadedRevision revision, MonitorFile monitor, ImmutableArray<Suspect> candidates, CancellationToken cancellation)
    {
        if (monitor.Model is not { } name || revision.Model(name) is not { Train: { } training, Evaluate: { } evaluate } model)
        {
            return Not("the model file says nothing of training or of rows to evaluate on");
        }

        if (training.Runner != Training.InTheBox || model.Task is ModelTask.Regression)
        {
            return Not($"only classifiers that {Training.InTheBox} trains are tried out beforehand");
        }

        var champion = database.Read(connection => ChampionStore.Champion(connection, name) is { } id ? ModelStore.Find(connection, id) : null);
        if (candidates.IsEmpty || champion is null)
        {
            return Not(candidates.IsEmpty ? "no rows are to be relabelled" : $"no version of {name} serves yet");
        }

        try
        {
            return await TryOutAsync((model, training, evaluate), champion, candidates, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DatasetException or TrainingException)
        {
            return Not(error.Message);
        }
    }

    private static PredictedEffect Not(string reason) => new(null, null, null, $"not computed: {reason}");

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
