using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

public sealed class StoryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Wrong_labels_are_found_relabelled_retrained_gated_promoted_and_the_recovery_is_verified() => await PlayAsync("digits", "7d", (node, story) =>
    {
        var fix = Assert.Single(story.Fixes);
        Assert.Equal(["preparing", "proposed", "approved", "running", "verifying", "succeeded"], fix.States);
        Assert.Equal("lead@example.org", fix.ApprovedBy);
        Assert.Equal("ink = 'q4'", story.Segment);
        Assert.True(story.Suspects!.Precision >= 0.85, $"{story.Suspects}");
        Assert.True(story.Suspects.Recall >= 0.85, $"{story.Suspects}");
        Assert.True(story.GapClosed >= 0.8, $"{story.Before} -> {story.After}, ceiling {story.Ceiling}");
        Assert.Equal(225, story.LabelsAsked);
        Assert.Equal(["digits-1", "digits-2"], story.Models.Select(model => model.Version));
        Assert.Equal([false, true], story.Models.Select(model => model.Champion));
        Assert.False(story.RolledBack);
        Assert.Empty(node.Database.Read(EffectStore.Open));
    });

    [Fact]
    public async Task A_new_scanner_is_noticed_by_drift_and_late_labels_and_a_few_labelled_scans_of_it_bring_the_accuracy_back() => await PlayAsync("drift", "4d", (_, story) =>
    {
        var fix = Assert.Single(story.Fixes);
        Assert.Equal(("ScannerDrift", "refresh-retrain"), (fix.Rule, fix.Workflow));
        Assert.Equal(["preparing", "proposed", "approved", "running", "verifying", "succeeded"], fix.States);
        Assert.Equal("lead@example.org", fix.ApprovedBy);
        Assert.True(fix.OpenedAt > story.ChangedAt, $"opened at {fix.OpenedAt:u}, before the scanner changed");
        Assert.True(story.Before < story.Ceiling - 0.2, $"the old model hardly suffers: {story.Ceiling} -> {story.Before}");
        Assert.True(story.GapClosed >= 0.8, $"{story.Before} -> {story.After}, before the change {story.Ceiling}");
        Assert.Equal(250, story.LabelsAsked);
        Assert.Equal([false, true], story.Models.Select(model => model.Champion));
        Assert.False(story.RolledBack);
    });

    [Fact]
    public async Task A_slower_and_worse_model_is_rolled_back_at_the_first_measurement_that_shows_it() => await PlayAsync("deployment", "5d", (node, story) =>
    {
        var fix = Assert.Single(story.Fixes);
        Assert.Equal(("BadDeployment", "rollback", "rule"), (fix.Rule, fix.Workflow, fix.ApprovedBy));
        Assert.Equal(["preparing", "proposed", "approved", "running", "verifying", "succeeded"], fix.States);

        var promoted = Start.AddDays(3);
        Assert.Equal(
            [(MoveKind.Promotion, "cheques-1"), (MoveKind.Promotion, "cheques-2"), (MoveKind.Rollback, "cheques-1")],
            story.Moves.Select(move => (move.Kind, move.To!)));
        // Served from 72 h on, labelled from 78 h on: before, no measurement could show that it is worse.
        Assert.Equal([Start, promoted, promoted.AddHours(6)], story.Moves.Select(move => move.At));
        Assert.True(story.RolledBack);

        Assert.True(story.Before < story.Ceiling - 0.2, $"the bad model is hardly worse: {story.Ceiling} -> {story.Before}");
        Assert.True(story.GapClosed >= 0.95, $"{story.Before} -> {story.After}, before the change {story.Ceiling}");
        Assert.InRange(story.Latency!.Before!.Value, 0.180, 0.240);
        Assert.InRange(story.Latency.After!.Value, 0.003, 0.004);
        Assert.InRange(Latest(node, "0.95"), 0.003, 0.004);
    });

    public void Dispose() => _folder.Dispose();

    private async Task PlayAsync(string name, string until, Action<Node, StoryResult> check)
    {
        var cancel = TestContext.Current.CancellationToken;
        var setup = await DemoStory.SetupAsync(name, until, _folder.Path, cancel);
        using var node = await Node.OpenAsync(setup.Options(_folder["workspace"], NullLoggerFactory.Instance), cancel);
        Assert.True(node.Revisions.Current is not null, string.Join('\n', (await node.Revisions.SyncAsync(cancel)).Diagnostics));
        await new Story(node, new StoryWorld(node, setup), (_, _) => { }).RehearseAsync(cancel);

        var story = Assert.Single((await new StoryFigures(node, setup).TakeAsync(TimeSpan.Zero, cancel)).Stories);
        Assert.Equal("resolved", Assert.Single(story.Findings).State);
        Assert.Contains("verified", story.Findings[0].Resolution, StringComparison.Ordinal);
        Assert.Null(node.Database.Read(AuditStore.FirstBroken));
        check(node, story);
    }

    /// <summary>The latency that was measured last.</summary>
    private static double Latest(Node node, string quantile) => node.Samples.Snapshot()
        .Select([Matcher.Of("__name__", MatchOp.Equal, Latencies.Latency), Matcher.Of("quantile", MatchOp.Equal, quantile)]).Single().Newest!.Value.Value;
}
