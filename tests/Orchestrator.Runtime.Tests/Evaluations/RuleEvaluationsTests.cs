using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Tests.Revisions;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Tests.Evaluations;

public sealed class RuleEvaluationsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset _start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private const string Rules = """
        groups:
          - name: digits
            interval: 1h
            model: digits
            rules:
              - alert: LabelErrors
                when:
                  - data_label_error_ratio{dataset="digits-train"} > 0.05
                  - data_rows{dataset="digits-train"} >= 200
                measurements: 2
                clear: data_label_error_ratio{dataset="digits-train"} < 0.04
                min_rows: 200
                owner: vision-team
                then:
                  workflow: relabel-rebuild-retrain
                  inputs: {model: digits, dataset: "{{ $labels.dataset }}", label_budget: 225}
                  approvers: [ml-leads]
                  verify: {expr: 'model_accuracy{dataset="digits-production"} > 0.93', within: 2d, otherwise: escalate}
        """;

    // Share of wrong labels, measured every six hours.
    private static readonly double[] _story = [0.02, 0.2, 0.2, 0.2, 0.03, 0.03, 0.2, 0.2];

    private readonly TempFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _clock = new(_start);
    private SampleStore _samples = null!;
    private InForce _rules = null!;
    private RuleEvaluations _evaluations = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RulesCopy.Make(_folder.Path);
        File.Delete(Path.Combine(_folder["rules"], "digits.test.yaml"));
        await File.WriteAllTextAsync(Path.Combine(_folder["rules"], "digits.rules.yaml"), Rules, Cancel);
        await BootAsync();
    }

    [Fact]
    public async Task Promise_1_one_firing_creates_at_most_one_open_fix_however_often_it_is_looked_at()
    {
        for (var i = 0; i < 4; i++)
        {
            await MeasureAsync(_story[i]);
            await _evaluations.RunDueAsync(Cancel);
            await BootAsync();
            await Task.WhenAll(_evaluations.RunDueAsync(Cancel), _evaluations.RunDueAsync(Cancel));
            _clock.Advance(TimeSpan.FromHours(6));
            await Task.WhenAll(_evaluations.RunDueAsync(Cancel), _evaluations.RunDueAsync(Cancel));
        }

        var finding = Assert.Single(_database.Read(connection => FindingStore.List(connection, openOnly: false)));
        var fix = Assert.Single(_database.Read(connection => FixStore.List(connection, openOnly: false)));
        Assert.Equal((FindingState.Open, 0.2, "LabelErrors"), (finding.State, finding.Value, finding.Rule));
        Assert.Equal((FixState.Preparing, finding.Id, "digits", "lead"), (fix.State, fix.FindingId, fix.Model, fix.Terms.Approvers is ["ml-leads"] ? "lead" : ""));
        Assert.Single(_database.Read(EffectStore.Open), effect => effect.Kind == FixPreparation.KindName);
    }

    [Fact]
    public async Task An_alert_that_clears_resolves_its_finding_and_a_new_firing_is_a_new_one()
    {
        await PlayAsync();

        var findings = _database.Read(connection => FindingStore.List(connection, openOnly: false));
        Assert.Equal([FindingState.Open, FindingState.Resolved], findings.Select(finding => finding.State));
        Assert.Equal("the rule's clear condition holds", findings[1].Resolution);
        Assert.Equal(_start.AddHours(24), findings[1].ResolvedAt);
        Assert.Equal([_start.AddHours(42), _start.AddHours(12)], findings.Select(finding => finding.OpenedAt));
        var first = Assert.Single(_database.Read(connection => FixStore.OfFinding(connection, findings[1].Id)));
        Assert.Equal((FixState.Superseded, "the alert is gone: the rule's clear condition holds"), (first.State, first.Reason));
        Assert.Equal(FixState.Preparing, Assert.Single(_database.Read(connection => FixStore.OfFinding(connection, findings[0].Id))).State);
    }

    [Fact]
    public async Task A_group_that_is_in_no_file_any_more_ends_what_it_left()
    {
        await PlayAsync();
        var logged = _database.Read(EvaluationStore.Log).Count;
        await File.WriteAllTextAsync(Path.Combine(_folder["rules"], "digits.rules.yaml"), Rules.Replace("name: digits", "name: others", StringComparison.Ordinal).Replace("> 0.05", "> 0.5", StringComparison.Ordinal), Cancel);
        Assert.True((await _rules.SyncAsync(Cancel)).Accepted);
        Assert.Equal(_clock.GetUtcNow(), _evaluations.NextDue());
        await Task.WhenAll(_evaluations.RunDueAsync(Cancel), _evaluations.RunDueAsync(Cancel));

        var finding = _database.Read(connection => FindingStore.List(connection, openOnly: false))[0];
        Assert.Equal((FindingState.Resolved, "the rule was removed"), (finding.State, finding.Resolution));
        Assert.Equal(FixState.Superseded, Assert.Single(_database.Read(connection => FixStore.OfFinding(connection, finding.Id))).State);
        Assert.All(_samples.Snapshot().All.Where(series => series.Labels.Name == AlertSeries.Alerts), series => Assert.True(series.Newest!.Value.IsStale, $"{series.Labels}"));
        Assert.Equal(logged + 2, _database.Read(EvaluationStore.Log).Count); // the group that is gone, and the new one

        await BootAsync();
        await _evaluations.RunDueAsync(Cancel);
        Assert.Equal(logged + 2, _database.Read(EvaluationStore.Log).Count);
        var replayed = new LiveBacktest(_database.Open, _samples.Snapshot()).Replay(_start, _clock.GetUtcNow());
        Assert.True(replayed.IsSame);
    }

    /// <summary>The rule fires from the 12th to the 24th hour and from the 42nd on, each time with a fix of 225 labels; 0.2 is never more than 0.5.</summary>
    [Fact]
    public async Task An_edited_copy_of_a_rule_is_replayed_beside_the_rule_in_force()
    {
        await PlayAsync();
        var (trials, span) = (new RuleTrials(_database.Open, _samples), new ReplaySpan(_start, _clock.GetUtcNow()));
        EditedBacktest Tried(string expression) => trials.Try(new EditedRule("LabelErrors", expression), _rules.Current!, span, Cancel);

        var strict = Tried("""data_label_error_ratio{dataset="digits-train"} > 0.5""");
        Assert.Equal((new(2, 2, 450), new(0, 0, 0)), (strict.Before, strict.After));
        Assert.Equal((new(0, 0, 0), new(2, 2, 450), -450), (strict.Added, strict.Removed, strict.Difference.LabelCost));
        Assert.Equal([_start.AddHours(12), _start.AddHours(42)], strict.Difference.AlertsRemoved.Select(alert => alert.FiredAt));
        Assert.Equal([_start.AddHours(12), _start.AddHours(42)], strict.Difference.FixesRemoved.Select(fix => fix.At));

        Assert.True(Tried(_rules.Current!.Groups[0].Rules[0].Expression.Text).Difference.IsNone);
        Assert.Empty(strict.Errors);
    }

    /// <summary>Whatever came meanwhile: evaluations, samples, another revision, other days. The alert that resolves at the 24th hour began before the 20th.</summary>
    [Fact]
    public async Task What_is_kept_of_the_rules_in_force_is_what_their_replay_gives()
    {
        await PlayAsync();
        var trials = new RuleTrials(_database.Open, _samples);
        var seen = new List<BacktestReport>();
        void Look(ReplaySpan span)
        {
            var replayed = new LiveBacktest(_database.Open, _samples.Snapshot()).Replay(span.From, span.To, _rules.Current!.Groups).Report;
            seen.Add(trials.InForce(_rules.Current!, span, Cancel));
            Assert.Equal(Json.Write(replayed), Json.Write(seen[^1]));
            Assert.Same(seen[^1], trials.InForce(_rules.Current!, span, Cancel));
        }

        var end = _clock.GetUtcNow();
        Look(new(_start, end));
        Look(new(_start.AddHours(20), end));
        await MeasureAsync(0.2);
        await _evaluations.RunDueAsync(Cancel);
        Look(new(_start, _clock.GetUtcNow()));
        await File.WriteAllTextAsync(Path.Combine(_folder["rules"], "digits.rules.yaml"), Rules.Replace("> 0.05", "> 0.5", StringComparison.Ordinal), Cancel);
        Assert.True((await _rules.SyncAsync(Cancel)).Accepted);
        Look(new(_start, _clock.GetUtcNow()));

        Assert.Equal([2, 1, 2, 0], seen.Select(report => report.Alerts.Length));
        Assert.Equal([_start.AddHours(42), _start.AddHours(42)], [seen[1].Alerts[^1].FiredAt, seen[2].Alerts[^1].FiredAt]);
    }

    /// <summary>48 hourly evaluations of one rule; 12 in the last 12 hours, and 23 from as long before them on.</summary>
    [Theory]
    [InlineData(48, 24, null, null)]
    [InlineData(47, 12, 24, null)]
    [InlineData(10, 12, 24, 2.3)]
    public async Task A_long_log_is_replayed_from_as_long_before_the_span_as_the_span_is_long(int most, int hours, int? back, double? excess)
    {
        await PlayAsync();
        var end = _start.AddHours(47);
        var trials = new RuleTrials(_database.Open, _samples, most);

        var span = trials.Begin(_rules.Current!, new(end.AddHours(1 - hours), end), out var times);

        Assert.Equal((back is { } before ? end.AddHours(2 - before) : null, excess), (span.Begin, times));
    }

    [Theory]
    [InlineData("data_rows > 1", null)]
    [InlineData("data_rows[5m]", "it gives a range vector, not an instant vector or a scalar")]
    [InlineData("data_rows >", "at 12: ")]
    public void An_expression_that_cannot_be_a_rules_is_refused(string expression, string? objection) =>
        Assert.StartsWith(objection ?? "", new EditedRule("LabelErrors", expression).Objection ?? "", StringComparison.Ordinal);

    [Fact]
    public async Task Rules_read_how_many_fixes_are_in_which_state_and_only_changes_are_stored()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder["rules"], "digits.rules.yaml"), Rules + """

              - name: fixes
                interval: 1h
                rules:
                  - alert: FixesWait
                    expr: sum by (rule) (fix_total{rule="LabelErrors", state="preparing"}) == 1 and on (rule) fix_total{state="failed"} == 0
            """, Cancel);
        await BootAsync();

        await PlayAsync();

        var finding = Assert.Single(_database.Read(connection => FindingStore.List(connection, openOnly: false)), one => one.Rule == "FixesWait" && one.State == FindingState.Open);
        Assert.Equal((1.0, "LabelErrors"), (finding.Value, finding.Labels["rule"]));

        // Opened at the twelfth hour, superseded at the 24th, opened again at the 42nd.
        Assert.Equal(3, _database.Read(connection => Dapper.SqlMapper.QuerySingle<long>(connection, "select count(*) from sample_batch where source = 'system'")));
    }

    [Fact]
    public async Task Promise_8_the_same_revision_samples_and_log_give_the_same_alerts_anywhere()
    {
        await PlayAsync();
        var log = _database.Read(EvaluationStore.Log);
        var logged = _database.Read(EvaluationStore.Transitions).Select(Json.Write).ToList();
        Assert.NotEmpty(logged);

        var replayed = new List<string>();
        var state = RuleGroupState.Empty;
        foreach (var entry in log)
        {
            Assert.Equal(_rules.Current!.Id, entry.Revision);
            var group = Assert.Single(_rules.Current.Groups, one => one.Name == entry.Group);
            var evaluation = group.Evaluate(state, _samples.Snapshot().UpTo(entry.Watermark), entry.AsOf.ToMicros());
            state = evaluation.State;
            replayed.AddRange(evaluation.Transitions.Select(Json.Write));
        }

        Assert.Equal(logged, replayed);
        Assert.Equal(_database.Read(connection => Json.Write(EvaluationStore.Progress(connection, "digits")!.State)), Json.Write(state));
    }

    [Fact]
    public async Task A_process_that_ends_after_every_step_gives_the_same_alerts_as_one_that_runs_through()
    {
        await PlayAsync();
        var through = _database.Read(EvaluationStore.Transitions).Select(Json.Write).ToList();

        await using var other = new RuleEvaluationsTests();
        await other.InitializeAsync();
        await other.PlayAsync(other.BootAsync);

        Assert.Equal(through, other._database.Read(EvaluationStore.Transitions).Select(Json.Write));
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PlayAsync(Func<Task>? between = null)
    {
        foreach (var ratio in _story)
        {
            await MeasureAsync(ratio);
            await (between?.Invoke() ?? Task.CompletedTask);
            await _evaluations.RunDueAsync(Cancel);
            for (var hour = 0; hour < 6; hour++)
            {
                await _evaluations.RunDueAsync(Cancel);
                await (between?.Invoke() ?? Task.CompletedTask);
                _clock.Advance(TimeSpan.FromHours(1));
            }
        }
    }

    private Task<long> MeasureAsync(double ratio)
    {
        var now = _clock.GetUtcNow();
        return _database.WriteAsync(tx => _samples.Append(tx, now, SampleStore.OfMonitor("digits"), [Sampled("data_label_error_ratio", ratio, now), Sampled("data_rows", 900, now)]));
    }

    private static LabelledSample Sampled(string metric, double value, DateTimeOffset at) => new(
        Labels.Of(metric, ("model", "digits"), ("dataset", "digits-train")), new Sample(at.ToMicros(), value, at.AddHours(12).ToMicros(), 900));

    private async Task BootAsync()
    {
        _database.Reopen();
        var clocks = new Clocks(_clock, _clock);
        _samples = new SampleStore();
        _database.Read(connection => { _samples.Load(connection, new SampleFolder(_folder.Path), Assert.Fail); return true; });
        _rules = new InForce(_database.Open, new RulesSource.Folder("."), _folder.Path, clocks);
        _rules.Resume();
        await _rules.SyncAsync(Cancel);
        var effects = new EffectStore(new EffectSignal());
        var fixes = new FixRunner(effects, new WorkflowRunner(effects));
        _evaluations = new RuleEvaluations(_database.Open, _samples, _rules, new FindingDecisions(new FixOpening(fixes), fixes), clocks);
    }
}
