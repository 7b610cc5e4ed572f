using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Takes the figures of a finished story; only here, and for the report alone, the truth meets what the system did.</summary>
public sealed class StoryFigures(Node node, StorySetup setup)
{
    private const string Metric = "model_accuracy";

    public async Task<StoryReport> TakeAsync(TimeSpan elapsed, CancellationToken cancellation)
    {
        var fixes = node.Database.Read(connection => FixStore.List(connection, openOnly: false)).Reverse().ToImmutableArray();
        var model = setup.Scenario.Events.OfType<ScenarioEvent.Train>().FirstOrDefault()?.Model;
        var moves = model is null ? [] : node.Database.Read(connection => ChampionStore.History(connection, model));
        var (before, after, ceiling) = model is null ? (null, null, null) : await AccuracyAsync(model, moves, cancellation).ConfigureAwait(false);
        var asked = node.Database.Read(connection => LabelStore.Queues(connection).SelectMany(queue => LabelStore.Tasks(connection, queue.Id)).ToList());
        var result = new StoryResult(
            setup.Scenario.Name,
            Metric,
            before,
            after,
            ceiling,
            asked.Count,
            await SuspectsAsync(fixes, asked, cancellation).ConfigureAwait(false),
            fixes.Select(fix => fix.Plan?.Evidence.Segment?.Predicate).FirstOrDefault(segment => segment is not null),
            [.. fixes.Select(Told)],
            model is null ? [] : Models(model, moves),
            moves.Any(move => move.Kind == MoveKind.Rollback),
            Math.Round(elapsed.TotalSeconds, 1))
        {
            Findings = [.. node.Database.Read(connection => FindingStore.List(connection, openOnly: false))
                .Reverse().Select(finding => new StoryFinding(finding.Id, finding.Rule, Json.Name(finding.State.ToString()), finding.Resolution))],
        };
        return new StoryReport([result]);
    }

    private StoryFix Told(Fix fix)
    {
        var history = node.Database.Read(connection => FixStore.History(connection, fix.Id));
        var states = new List<string>();
        Fix? state = null;
        foreach (var (_, _, happened) in history)
        {
            state = Fix.Evolve(state, happened);
            states.Add(Json.Name(state.State.ToString()));
        }

        return new StoryFix(fix.Id, fix.Rule, fix.Terms.Workflow, [.. states], fix.ApprovedBy, fix.Reason);
    }

    private ImmutableArray<StoryModel> Models(string model, IReadOnlyList<ChampionMove> moves)
    {
        var champion = moves.Count > 0 ? moves[^1].To : null;
        return [.. node.Database.Read(connection => ModelStore.List(connection, model)).Reverse().Select(version => new StoryModel(
            version.Id, version.Digest, moves.FirstOrDefault(move => move.To == version.Id)?.At, version.Id == champion))];
    }

    /// <summary>First and last champion, and a version trained on the truth, on every row that arrived in production.</summary>
    private async Task<(double? Before, double? After, double? Ceiling)> AccuracyAsync(string model, IReadOnlyList<ChampionMove> moves, CancellationToken cancellation)
    {
        if (setup.Scenario.Arrivals.FirstOrDefault(arrival => arrival.Labels is not null) is not { } arrival
            || node.Revisions.Current?.Dataset(arrival.Dataset) is not var (_, dataset))
        {
            return (null, null, null);
        }

        var truth = Truth.Read(StoryFiles.Find(setup.Folder, arrival.Labels!.File)[0], dataset.Labels!.Join, dataset.Labels.Label);
        var tables = StoryFiles.Find(setup.Folder, arrival.Files).Select(CsvTable.Read).ToList();
        var rows = new CsvTable(tables[0].Columns, [.. tables.SelectMany(table => table.Rows)]);
        async Task<double?> OfAsync(string? version) =>
            version is null || node.Database.Read(connection => ModelStore.Find(connection, version)) is not { } found
                ? null
                : Accuracy(await node.Artifacts.ReadAsync(found.Digest, cancellation).ConfigureAwait(false), rows, dataset, truth);
        var ceiling = setup.Scenario.Ceiling is { } best ? Accuracy(TrainOnTruth(model, best, cancellation), rows, dataset, truth) : (double?)null;
        return (await OfAsync(moves.Count > 0 ? moves[0].To : null).ConfigureAwait(false), await OfAsync(moves.Count > 0 ? moves[^1].To : null).ConfigureAwait(false), ceiling);
    }

    private static double Accuracy(byte[] artifact, CsvTable rows, DatasetSpec dataset, Truth truth)
    {
        var scorer = Scorer.Load(artifact);
        var features = StoryServing.Features(rows, dataset, scorer.Card.Encoding.Columns);
        var right = scorer.Probabilities(features).Where((scores, row) => scorer.Prediction(scores) == truth[features.Ids[row]]).Count();
        return Math.Round((double)right / features.Count, 6);
    }

    private byte[] TrainOnTruth(string model, Ceiling ceiling, CancellationToken cancellation)
    {
        var training = node.Revisions.Current!.Model(model)!.Train!;
        var (_, dataset) = node.Revisions.Current.Dataset(training.Dataset)!.Value;
        var arrival = setup.Scenario.Arrivals.First(one => one.Dataset == training.Dataset);
        var rows = CsvTable.Read(StoryFiles.Find(setup.Folder, arrival.Files)[0]);
        var truth = Truth.Read(StoryFiles.Find(setup.Folder, ceiling.Labels)[0], dataset.Roles.Id ?? "id", dataset.Roles.Label!);
        var spec = TrainerSpec.Read(training.Parameters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
        var champion = node.Database.Read(connection => ModelStore.List(connection, model))[^1];
        var columns = Scorer.Load(File.ReadAllBytes(node.Artifacts.PathOf(champion.Digest))).Card.Encoding.Columns;
        var features = StoryServing.Features(rows, dataset, columns);
        return Trainer.Train(spec, features.WithLabels(features.Ids.Select(id => (string?)truth[id])), cancellation);
    }

    private async Task<SuspectQuality?> SuspectsAsync(ImmutableArray<Fix> fixes, List<LabelTask> asked, CancellationToken cancellation)
    {
        if (setup.Scenario.Labeler is not { } labeler || fixes.FirstOrDefault(fix => fix.Plan?.Evidence.Candidates is not null)?.Plan is not { } plan
            || setup.Scenario.Arrivals.FirstOrDefault(arrival => arrival.Dataset == plan.Limits.Dataset) is not { } arrival)
        {
            return null;
        }

        var truth = Truth.Read(StoryFiles.Find(setup.Folder, labeler.Truth)[0], labeler.Id, labeler.Label);
        var given = Truth.Read(StoryFiles.Find(setup.Folder, arrival.Files)[0], labeler.Id, labeler.Label);
        var wrong = truth.Labels.Where(pair => given.Labels.TryGetValue(pair.Key, out var label) && label != pair.Value).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        var candidates = Json.Read<ImmutableArray<Suspect>>(await node.Artifacts.ReadTextAsync(plan.Evidence.Candidates!, cancellation).ConfigureAwait(false));
        var flagged = candidates.Where(suspect => suspect.Flagged).ToList();
        var found = asked.Select(task => task.RowId).Distinct(StringComparer.Ordinal).Count(wrong.Contains);
        return flagged.Count == 0 || wrong.Count == 0
            ? null
            : new SuspectQuality(Round((double)flagged.Count(suspect => wrong.Contains(suspect.Id)) / flagged.Count), Round((double)found / wrong.Count));
    }

    private static double Round(double share) => Math.Round(share, 4, MidpointRounding.ToEven);
}
