using System.Collections.Immutable;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Takes the figures of one scenario.</summary>
internal sealed class ScenarioFigures(Node node, StorySetup setup)
{
    private readonly StoryScope _scope = StoryScope.Of(node, setup.Scenario);

    public async Task<StoryResult> TakeAsync(TimeSpan elapsed, CancellationToken cancellation)
    {
        var fixes = node.Database.Read(connection => FixStore.List(connection, openOnly: false)).Reverse().Where(fix => _scope.HasModel(fix.Model)).ToImmutableArray();
        var findings = node.Database.Read(connection => FindingStore.List(connection, openOnly: false))
            .Reverse().Where(finding => _scope.HasModel(finding.Labels["model"])).ToImmutableArray();
        var model = setup.Scenario.Events.OfType<ScenarioEvent.Train>().FirstOrDefault()?.Model;
        ImmutableArray<ChampionMove> moves = model is null ? [] : [.. node.Database.Read(connection => ChampionStore.History(connection, model))];
        var measured = new StoryRows(node, setup, moves, findings.FirstOrDefault()?.OpenedAt);
        var quality = model is null ? StoryQuality.None : await measured.QualityAsync(model, cancellation).ConfigureAwait(false);
        var asked = node.Database.Read(connection => LabelStore.Queues(connection)
            .Where(queue => _scope.Datasets.Contains(queue.Dataset)).SelectMany(queue => LabelStore.Tasks(connection, queue.Id)).ToList());
        return new StoryResult(
            setup.Scenario.Name,
            quality.Metric,
            quality.Before,
            quality.After,
            quality.Ceiling,
            asked.Count,
            await SuspectsAsync(fixes, asked, cancellation).ConfigureAwait(false),
            fixes.Select(fix => fix.Plan?.Evidence.Segment?.Predicate).FirstOrDefault(segment => segment is not null),
            [.. fixes.Select(Told)],
            model is null ? [] : Models(model, moves),
            moves.Any(move => move.Kind == MoveKind.Rollback),
            Math.Round(elapsed.TotalSeconds, 1))
        {
            Findings = [.. findings.Select(Told)],
            Rows = quality.Rows,
            ChangedAt = setup.Scenario.ChangesAt is { } changes ? setup.Scenario.Start + changes : null,
            Latency = measured.Latency(),
            Moves = moves,
        };
    }

    private static StoryFinding Told(Finding finding) => new(finding.Id, finding.Rule, Json.Name(finding.State.ToString()), finding.Resolution) { OpenedAt = finding.OpenedAt };

    private StoryFix Told(Fix fix)
    {
        var states = new List<string>();
        Fix? state = null;
        foreach (var (_, _, happened) in node.Database.Read(connection => FixStore.History(connection, fix.Id)))
        {
            state = Fix.Evolve(state, happened);
            states.Add(Json.Name(state.State.ToString()));
        }

        return new StoryFix(fix.Id, fix.Rule, fix.Terms.Workflow, [.. states], fix.ApprovedBy, fix.Reason) { OpenedAt = fix.OpenedAt, EndedAt = fix.EndedAt };
    }

    private ImmutableArray<StoryModel> Models(string model, ImmutableArray<ChampionMove> moves)
    {
        var champion = moves.IsEmpty ? null : moves[^1].To;
        return [.. node.Database.Read(connection => ModelStore.List(connection, model)).Reverse().Select(version => new StoryModel(
            version.Id, version.Digest, moves.FirstOrDefault(move => move.To == version.Id)?.At, version.Id == champion))];
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
