using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;

namespace Orchestrator.Runtime.Tests.Fixes;

public sealed class FixRunnerTests : IDisposable
{
    private static readonly string _promote = SpineRig.Flow(("Orchestrator.Promote", new { model = "digits", challenger = "m-2", digest = "d-2" }));
    private static readonly FixPlan _plan = SpineRig.Plan(_promote);

    private readonly TestActivity _promotion = new("Orchestrator.Promote");
    private readonly SpineRig _rig;

    public FixRunnerTests() => _rig = new SpineRig(_promotion);

    [Fact]
    public async Task A_fix_runs_from_its_opening_to_its_verification_and_closes_its_finding()
    {
        await _rig.OpenAsync("x-1");
        await _rig.ProposeAsync("x-1", _plan);
        Assert.Equal(FixState.Proposed, _rig.State());
        await _rig.ApproveAsync("x-1", _plan);
        Assert.Equal(FixState.Running, _rig.State());
        await _rig.DrainAsync();
        Assert.Equal((FixState.Verifying, SpineRig.Start.AddHours(2)), (_rig.State(), _rig.Fix().Deadline));
        await _rig.CommandAsync("x-1", new FixCommand.Verify("model_accuracy is 0.95 on 150 rows") { At = SpineRig.Start.AddHours(1) });

        Assert.Equal(FixState.Succeeded, _rig.State());
        var finding = _rig.Database.Read(connection => FindingStore.Find(connection, "f-x-1"))!;
        Assert.Equal((FindingState.Resolved, "verified by fix x-1: model_accuracy is 0.95 on 150 rows"), (finding.State, finding.Resolution));
        Assert.Single(_promotion.Calls);
        Assert.Equal(
            ["opened", "proposed", "approved", "started", "ran", "ended"],
            _rig.Database.Read(connection => FixStore.History(connection, "x-1")).Select(one => one.Event.GetType().Name.ToLowerInvariant()));
        Assert.Null(_rig.Database.Read(AuditStore.FirstBroken));
    }

    [Fact]
    public async Task A_metric_that_did_not_recover_undoes_what_was_done()
    {
        await _rig.ApprovedAsync("x-1", _plan);
        await _rig.DrainAsync();
        _rig.Domain.Advance(TimeSpan.FromHours(2));
        await _rig.DrainAsync();

        Assert.Equal((FixState.Compensated, "the metric did not recover by 2026-01-05 10:00:00Z; what it changed is undone"), (_rig.State(), _rig.Fix().Reason));
        Assert.Equal(_promotion.Calls, _promotion.Undone);
    }

    [Fact]
    public async Task What_cannot_be_undone_is_told()
    {
        _promotion.UndoFault = "there is no champion before this one";
        await _rig.ApprovedAsync("x-1", _plan);
        await _rig.DrainAsync();
        _rig.Domain.Advance(TimeSpan.FromHours(2));
        await _rig.DrainAsync();

        Assert.Equal(FixState.Failed, _rig.State());
        Assert.EndsWith("undoing it failed: there is no champion before this one", _rig.Fix().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_fails_fails_its_fix_with_its_words()
    {
        _rig.Activities[0] = new TestActivity("Orchestrator.Promote", _ => new ActivityResult.Failed("the digest is not the gated one", Retryable: false));
        await _rig.RebootAsync();
        await _rig.ApprovedAsync("x-1", _plan);
        await _rig.DrainAsync();

        Assert.Equal(FixState.Failed, _rig.State());
        Assert.Contains("the digest is not the gated one", _rig.Fix().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proposal_that_nobody_approves_expires()
    {
        await _rig.OpenAsync("x-1");
        await _rig.ProposeAsync("x-1", _plan);
        _rig.Domain.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        await _rig.DrainAsync();
        Assert.Equal(FixState.Proposed, _rig.State());

        _rig.Domain.Advance(TimeSpan.FromSeconds(1));
        await _rig.DrainAsync();
        Assert.Equal(FixState.Expired, _rig.State());
    }

    [Fact]
    public async Task Two_fixes_of_a_model_run_one_after_the_other_and_the_more_urgent_first()
    {
        await _rig.ApprovedAsync("x-1", _plan);
        await _rig.ApprovedAsync("x-2", _plan, priority: 10);
        await _rig.ApprovedAsync("x-3", _plan, priority: 90);
        await _rig.ApprovedAsync("x-4", _plan, model: "churn");
        Assert.Equal([FixState.Running, FixState.Approved, FixState.Approved, FixState.Running], States());

        await _rig.DrainAsync();
        Assert.Equal([FixState.Verifying, FixState.Approved, FixState.Approved, FixState.Verifying], States());
        await _rig.CommandAsync("x-1", new FixCommand.Verify("it recovered") { At = SpineRig.Start.AddHours(1) });
        Assert.Equal([FixState.Succeeded, FixState.Approved, FixState.Running, FixState.Verifying], States());
    }

    [Fact]
    public async Task An_approved_fix_waits_for_the_kill_switch_and_starts_when_it_goes_off()
    {
        await _rig.Database.WriteAsync(tx => KillSwitch.Set(tx, true, "lead@example.org", SpineRig.Start));
        await _rig.ApprovedAsync("x-1", _plan);
        Assert.Equal(FixState.Approved, _rig.State());

        await _rig.Database.WriteAsync(tx => _rig.Fixes.SetKillSwitch(tx, false, "lead@example.org", SpineRig.Start));

        Assert.Equal(FixState.Running, _rig.State());
    }

    [Fact]
    public async Task A_stored_plan_that_is_not_the_approved_one_is_not_run()
    {
        await _rig.Database.WriteAsync(tx => KillSwitch.Set(tx, true, "lead@example.org", SpineRig.Start));
        await _rig.ApprovedAsync("x-1", _plan);
        await _rig.Database.WriteAsync(tx => tx.Execute("update fix set body = replace(body, 'd-2', 'd-9')"));

        await _rig.Database.WriteAsync(tx => _rig.Fixes.SetKillSwitch(tx, false, "lead@example.org", SpineRig.Start));
        await _rig.DrainAsync();

        Assert.Equal((FixState.Failed, "the stored plan is not the one that was approved"), (_rig.State(), _rig.Fix().Reason));
        Assert.Empty(_promotion.Calls);
    }

    [Fact]
    public async Task A_plan_that_cannot_run_is_refused_when_it_is_proposed()
    {
        await _rig.OpenAsync("x-1");
        await _rig.ProposeAsync("x-1", _plan);

        var decision = await _rig.ProposeAsync("x-1", _plan with { Definition = "{}", NormalisedDefinition = "{}" }, "editor@example.org");

        Assert.StartsWith("the definition cannot run: ", Assert.IsType<FixDecision.Refused>(decision).Reason, StringComparison.Ordinal);
        Assert.Equal((FixState.Proposed, 1), (_rig.State(), _rig.Fix().PlanNumber));
    }

    [Fact]
    public async Task A_plan_whose_dataset_has_another_version_by_now_is_superseded_and_does_not_run()
    {
        var based = (_plan with { Evidence = _plan.Evidence with { BaseVersions = _plan.Evidence.BaseVersions.Add("digits-train", "v1") } }).Sealed();
        await MoveAsync("v1");
        await _rig.OpenAsync("x-1");
        await _rig.ProposeAsync("x-1", based);
        await _rig.ApprovedAsync("x-2", based, model: "churn");
        Assert.Equal(FixState.Running, _rig.State("x-2"));
        await MoveAsync("v2");

        await _rig.ApproveAsync("x-1", based);

        Assert.Equal((FixState.Superseded, "the dataset digits-train has another version than the plan was made from"), (_rig.State(), _rig.Fix().Reason));
    }

    public void Dispose() => _rig.Dispose();

    private Task MoveAsync(string version) => _rig.Database.WriteAsync(tx =>
    {
        DatasetVersionStore.Add(tx, new DatasetManifest("digits-train", version, [], [], "id", "digit", 900, "0"), SpineRig.Start);
        DatasetVersionStore.Add(tx, null, new DatasetMove("digits-train", 0, null, version, "test", "", SpineRig.Start));
    });

    private IEnumerable<FixState> States() => new[] { "x-1", "x-2", "x-3", "x-4" }.Select(id => _rig.State(id));
}
