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
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Tests.Evaluations;

/// <summary>What fields of a rule do between the evaluator and the fixes, over the real stores.</summary>
public sealed class RuleFieldTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private SampleStore _samples = null!;
    private RuleEvaluations _evaluations = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_rule_in_shadow_is_recorded_and_proposes_nothing()
    {
        await BootAsync("- {alert: A, expr: x > 1, mode: shadow, then: {workflow: notify, inputs: {target: team, message: look}}}");
        await MeasureAsync(("x", 2));
        Assert.Equal("A", Assert.Single(Findings()).Rule);
        Assert.Empty(Fixes());
    }

    [Fact]
    public async Task A_finding_carries_owner_severity_and_summary_of_its_rule()
    {
        await BootAsync("- {alert: A, expr: x > 1, owner: a-team, labels: {severity: critical}, annotations: {summary: 'x is {{ $value }}'}}");
        await MeasureAsync(("x", 2));
        var finding = Assert.Single(Findings());
        Assert.Equal(("a-team", "critical", "x is 2"), (finding.Owner, finding.Severity, finding.Summary));
    }

    [Fact]
    public async Task Two_rules_with_one_dedup_key_have_one_open_fix_and_the_second_finding_says_why()
    {
        await BootAsync("- {alert: A, expr: x > 1, then: {workflow: notify, inputs: {target: team, message: look}, dedup: [model]}}\n- {alert: B, expr: x > 1, then: {workflow: notify, inputs: {target: team, message: look}, dedup: [model]}}");
        await MeasureAsync(("x", 2));
        Assert.Equal(["A"], Fixes().Select(fix => fix.Rule));
        Assert.Equal("a fix for the same thing is open", Findings().Single(finding => finding.Rule == "B").Held);
    }

    [Fact]
    public async Task An_alert_that_inhibits_holds_the_fix_back_and_lets_it_go()
    {
        await BootAsync("- {alert: Worse, expr: y > 1}\n- {alert: A, expr: x > 1, then: {workflow: notify, inputs: {target: team, message: look}, inhibited_by: [Worse]}}");
        await MeasureAsync(("x", 2), ("y", 2));
        Assert.Equal("inhibited by the alert Worse", Findings().Single(finding => finding.Rule == "A").Held);
        await MeasureAsync(("x", 2), ("y", 0));
        Assert.Equal(["A"], Fixes().Select(fix => fix.Rule));
        Assert.Null(Findings().Single(finding => finding.Rule == "A").Held);
    }

    // Monday 10:00 UTC is 11:00 in Berlin; the hours begin at 12:00 there.
    [Fact]
    public async Task Active_hours_hold_the_fix_back_until_they_begin()
    {
        await BootAsync("- {alert: A, expr: x > 1, then: {workflow: notify, inputs: {target: team, message: look}, limits: {active_hours: 'Mon-Fri 12:00-18:00 Europe/Berlin'}}}");
        await MeasureAsync(("x", 2));
        Assert.StartsWith("outside of the active hours", Assert.Single(Findings()).Held, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromHours(1));
        await MeasureAsync(("x", 2));
        Assert.Single(Fixes());
    }

    [Fact]
    public async Task A_fix_has_the_priority_approval_expiry_and_verification_of_its_rule()
    {
        await BootAsync("- {alert: A, expr: x > 1, then: {workflow: notify, inputs: {target: team, message: look}, approval: auto, priority: 50, expires: 3d, verify: {expr: x < 1, within: 2h, min_rows: 100, otherwise: compensate}}}");
        await MeasureAsync(("x", 2));
        var terms = Assert.Single(Fixes()).Terms;
        Assert.Equal((true, TimeSpan.FromDays(3), new FixVerification("x < 1", TimeSpan.FromHours(2), 100, Otherwise.Compensate)), (terms.AutoApprove, terms.Expires, terms.Verification));
    }

    [Fact]
    public async Task State_survives_a_restart()
    {
        const string rules = "- {alert: A, expr: x > 1, for: 2m}\n- {record: 'y:alerts', expr: 'ALERTS{alertname=\"A\"}'}";
        await BootAsync(rules);
        await MeasureAsync(("x", 2));
        await BootAsync(rules);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await MeasureAsync(("x", 2));
        Assert.Equal([AlertState.Pending, AlertState.Firing], _database.Read(EvaluationStore.Transitions).Select(transition => transition.To));
        Assert.Contains(_samples.Snapshot().All, series => series.Labels.Name == "y:alerts" && series.Labels["alertstate"] == "firing");
    }

    [Fact]
    public async Task A_rule_that_cannot_be_evaluated_shows_it_and_its_finding_stays()
    {
        await BootAsync("- {alert: A, expr: 'x > on (model) y'}");
        await MeasureAsync(("x", 2), ("y", 1));
        await MeasureAsync(("x", 2), ("y", 1), ("y{a=\"1\"}", 1));
        Assert.Contains("many-to-many", Health().Error, StringComparison.Ordinal);
        Assert.Equal(FindingState.Open, Assert.Single(Findings()).State);
        await MeasureAsync(("x", 2), ("y", 1), ("y{a=\"1\"}", double.NaN));
        Assert.False(Health().IsError);
        Assert.Equal(FindingState.Open, Assert.Single(Findings()).State);
    }

    [Fact]
    public async Task A_finding_keeps_why_its_rule_held_when_it_opened()
    {
        await BootAsync("- {record: 'y:double', expr: x * 2}\n- {alert: A, expr: 'y:double > 3'}");
        await MeasureAsync(("x", 2));
        await MeasureAsync(("x", 9));
        var id = Assert.Single(Findings()).Id;
        var why = _database.Read(connection => FindingStore.Explanation(connection, id))!;
        Assert.Equal(("A", true, 4.0, 3.0, -1.0), (why.Rule, why.Root.Holds, why.Root.Value!.Value, why.Root.Threshold!.Value, why.Root.Flip!.Change));
        Assert.Equal("y:double > 3", Assert.Single(why.Minimal).Text);
    }

    private RuleHealth Health() => _database.Read(EvaluationStore.All).Single().State.Rules["A#0"].Health;

    private List<Finding> Findings() => [.. _database.Read(connection => FindingStore.List(connection, openOnly: false))];

    private List<Fix> Fixes() => [.. _database.Read(connection => FixStore.List(connection, openOnly: false))];

    /// <summary>Measures at the present minute, evaluates, and lets a minute pass.</summary>
    private async Task MeasureAsync(params (string Series, double Value)[] values)
    {
        var now = _clock.GetUtcNow();
        var samples = values.Select(pair => new LabelledSample(SeriesNotation.Labels(pair.Series)!.With("model", "m"), new Sample(now.ToMicros(), double.IsNaN(pair.Value) ? Sample.Stale : pair.Value))).ToList();
        await _database.WriteAsync(tx => _samples.Append(tx, now, SampleStore.OfMonitor("m"), samples));
        await _evaluations.RunDueAsync(Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>A process begins, with rules of one group.</summary>
    private async Task BootAsync(string rules)
    {
        Directory.CreateDirectory(_folder["rules"]);
        Directory.CreateDirectory(_folder["workflows"]);
        var indented = string.Join('\n', rules.Split('\n').Select(line => "      " + line));
        await File.WriteAllTextAsync(Path.Combine(_folder["rules"], "m.rules.yaml"), $"groups:\n  - name: g\n    interval: 1m\n    rules:\n{indented}\n", Cancel);
        File.Copy(Path.Combine(DemoData.Repository, "workflows", "notify.json"), Path.Combine(_folder["workflows"], "notify.json"), overwrite: true);
        _database.Reopen();
        var clocks = new Clocks(_clock, _clock);
        _samples = new SampleStore();
        _database.Read(connection => { _samples.Load(connection, new SampleFolder(_folder.Path), Assert.Fail); return true; });
        var inForce = new InForce(_database.Open, new RulesSource.Folder("."), _folder.Path, clocks);
        inForce.Resume();
        var attempt = await inForce.SyncAsync(Cancel);
        Assert.True(attempt.Accepted, string.Join('\n', attempt.Diagnostics));
        var effects = new EffectStore(new EffectSignal());
        var fixes = new FixRunner(effects, new WorkflowRunner(effects));
        _evaluations = new RuleEvaluations(_database.Open, _samples, inForce, new FindingDecisions(new FixOpening(fixes), fixes), clocks);
    }
}
