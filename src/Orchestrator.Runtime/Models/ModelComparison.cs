using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Scores a challenger and the champion on the same labelled rows, which the challenger was not trained on.</summary>
public sealed class ModelComparison(Authored authored, DatasetAccess access, IScoring scoring, Database database)
{
    /// <summary>Throws <see cref="DatasetException"/> where the model file names no rows to evaluate on or they cannot be read.</summary>
    /// <param name="folder">For what does not fit into memory.</param>
    public async Task<ModelEvaluation> CompareAsync(ModelVersion challenger, DateTimeOffset at, string folder, CancellationToken cancellation)
    {
        var model = authored.Model(challenger.Model) ?? throw new DatasetException($"there is no model \"{challenger.Model}\"");
        var evaluate = model.Evaluate ?? throw new DatasetException($"{model.Source.Path}:1:1: TRAIN030 the model {model.Name} has no rows to evaluate on; evaluate: {{dataset, window}}");
        var champion = database.Read(connection => ChampionStore.Champion(connection, model.Name) is { } id ? ModelStore.Find(connection, id) : null);
        using var opened = await access.OpenAsync(new DatasetWish(evaluate.Dataset, at, Window: evaluate.Window), folder, cancellation);
        var labelled = Examples.Load(opened, evaluate.Holdout, cancellation);
        var candidates = evaluate.Holdout is null ? labelled : labelled.Where(row => labelled.HeldOut[row]);
        var trained = await TrainedAsync(challenger, evaluate, at, (opened.Prepared.Spec.Roles.Id, folder), cancellation);
        var (rows, ids, contents) = trained.Without(candidates);
        return await CompareAsync(model, (champion, challenger), (rows, folder), cancellation) with
        {
            Dataset = evaluate.Dataset,
            TrainedIds = ids,
            TrainedContents = contents,
        };
    }

    private async Task<ModelEvaluation> CompareAsync(
        ModelFile model, (ModelVersion? Champion, ModelVersion Challenger) versions, (Examples Examples, string Folder) on, CancellationToken cancellation)
    {
        var ((champion, challenger), examples) = (versions, on.Examples);
        var after = await ScoreAsync(model, challenger, on, cancellation);
        (ScoredModel Scored, double? Seconds)? before = champion is null ? null : await ScoreAsync(model, champion, on, cancellation);
        PairedResult Paired(int[] rows) => Pair(before?.Scored, after.Scored, rows, GateMetric.Of(model));
        return new ModelEvaluation(model.Name, challenger.Id, challenger.Digest, champion?.Id, "", 0, 0)
        {
            Overall = Paired([.. Enumerable.Range(0, examples.Rows.Count)]),
            Segments = Segments(examples, Paired, before is { } first && model.Gate.MaxSegmentLoss is not null ? LostSegments.Find(examples, first.Scored, after.Scored) : []),
            LatencyGain = model.Gate.MaxLatencyGain is not null && before?.Seconds > 0 ? (after.Seconds / before.Value.Seconds) - 1 : null,
        };
    }

    /// <summary>The declared segments, and those found that are none of them.</summary>
    private static ImmutableArray<SegmentResult> Segments(Examples examples, Func<int[], PairedResult> pair, ImmutableArray<SegmentCandidate> found)
    {
        var declared = examples.Segments.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        SegmentResult Result(string predicate) => new(predicate, pair(LostSegments.Members(examples, predicate)));
        return [.. declared.Select(Result), .. found.Where(segment => !declared.Contains(segment.Predicate)).Select(segment => Result(segment.Predicate) with { FoundQ = segment.QValue })];
    }

    private static PairedResult Pair(ScoredModel? before, ScoredModel after, int[] rows, string metric) => new(
        rows.Length,
        before?.Measure(rows),
        after.Measure(rows),
        before is null ? 0 : rows.Count(row => before.IsBetter(after, row)),
        before is null ? 0 : rows.Count(row => after.IsBetter(before, row)))
    {
        MetricPValue = before is null ? null : after.Compare(metric, before, rows)?.PValue,
    };

    private async Task<(ScoredModel Scored, double? Seconds)> ScoreAsync(
        ModelFile model, ModelVersion version, (Examples Examples, string Folder) on, CancellationToken cancellation)
    {
        try
        {
            var scores = await scoring.ScoreAsync(new ScoringRequest(model, version, on.Examples.Rows, on.Folder), cancellation);
            return (ScoredModel.Of(scores, on.Examples.Rows, model.Task), scores.Seconds);
        }
        catch (TrainingException error)
        {
            throw new DatasetException($"{version.Id} cannot score the rows: {error.Message}");
        }
    }

    /// <summary>The rows that the version was trained on, by id and by content.</summary>
    private async Task<TrainedRows> TrainedAsync(
        ModelVersion version, EvaluationSet evaluate, DateTimeOffset at, (string? Id, string Folder) target, CancellationToken cancellation)
    {
        if (version.DatasetVersion.Length == 0)
        {
            return new([], []);
        }

        using var opened = await access.OpenAsync(new DatasetWish(version.Dataset, at, version.DatasetVersion), target.Folder, cancellation);
        var examples = Examples.Load(opened, evaluate.Holdout, cancellation);
        var used = examples.Where(row => !examples.HeldOut[row]);
        var sameIds = opened.Prepared.Spec.Roles.Id == target.Id;
        return new([.. sameIds ? used.Rows.Ids : []], [.. used.Contents]);
    }

    /// <summary>Ids count only where both datasets name their rows by the same column: row 1 of two files need not be the same row.</summary>
    private sealed record TrainedRows(HashSet<string> Ids, HashSet<string> Contents)
    {
        public (Examples Rows, int Ids, int Contents) Without(Examples examples)
        {
            var byId = Enumerable.Range(0, examples.Rows.Count).Where(row => Ids.Contains(examples.Rows.Ids[row])).ToHashSet();
            var byContent = Enumerable.Range(0, examples.Rows.Count).Where(row => !byId.Contains(row) && Contents.Contains(examples.Contents[row])).ToHashSet();
            return (examples.Where(row => !byId.Contains(row) && !byContent.Contains(row)), byId.Count, byContent.Count);
        }
    }
}
