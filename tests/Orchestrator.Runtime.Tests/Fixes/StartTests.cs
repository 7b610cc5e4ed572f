using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>What is held back from its start begins by itself once nothing speaks against it; what a person stops is undone.</summary>
public sealed class StartTests
{
    private static readonly FixPlan _plan = SpineRig.Plan(SpineRig.Flow(
        ("Orchestrator.RebuildDataset", new { dataset = "digits-train", patch = "p-1" }), ("Orchestrator.Promote", new { model = "digits", challenger = "m-2", digest = "d-2" })));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_approved_fix_waits_while_an_alert_inhibits_it()
    {
        using var rig = new SpineRig(new TestActivity("Orchestrator.RebuildDataset"), new TestActivity("Orchestrator.Promote"));
        await rig.Database.WriteAsync(tx => FindingStore.Save(tx, BadDeployment));
        await rig.ApprovedAsync("x-1", _plan, terms: SpineRig.Terms with { InhibitedBy = ["BadDeployment"] });
        await rig.DrainAsync();

        Assert.Equal(FixState.Approved, rig.State());
        Assert.Equal("inhibited by the alert BadDeployment", rig.Database.Read(connection => FixRunner.StartObjection(connection, rig.Fix(), SpineRig.Start)));
        await rig.Database.WriteAsync(tx =>
        {
            FindingStore.Save(tx, BadDeployment with { State = FindingState.Resolved });
            rig.Fixes.StartApproved(tx, SpineRig.Start);
        });
        Assert.Equal(FixState.Running, rig.State());
    }

    [Fact]
    public async Task An_approved_fix_starts_when_its_hours_begin_and_the_wait_survives_a_restart()
    {
        using var rig = new SpineRig(new TestActivity("Orchestrator.RebuildDataset"), new TestActivity("Orchestrator.Promote"));
        await rig.ApprovedAsync("x-1", _plan, terms: SpineRig.Terms with { ActiveHours = "Mon-Fri 09:00-18:00" });
        await rig.DrainAsync();
        Assert.Equal(FixState.Approved, rig.State());

        await rig.RebootAsync();
        rig.Domain.Advance(TimeSpan.FromMinutes(59));
        await rig.DrainAsync();
        Assert.Equal(FixState.Approved, rig.State());
        rig.Domain.Advance(TimeSpan.FromMinutes(1));
        await rig.DrainAsync();
        Assert.Equal(FixState.Verifying, rig.State());
    }

    [Fact]
    public async Task A_cancelled_fix_is_stopped_at_its_next_activity_and_what_it_did_is_undone()
    {
        var rebuild = new TestActivity("Orchestrator.RebuildDataset");
        var promote = new TestActivity("Orchestrator.Promote");
        using var rig = new SpineRig(rebuild, promote);
        await rig.ApprovedAsync("x-1", _plan);
        await rig.Worker().RunNextAsync(Cancel);
        Assert.Single(rebuild.Calls);

        await rig.CommandAsync("x-1", new FixCommand.Cancel("lead@example.org", "wrong dataset") { At = SpineRig.Start });
        await rig.DrainAsync();

        Assert.Equal((FixState.Compensated, "cancelled by lead@example.org: wrong dataset; what it changed is undone"), (rig.State(), rig.Fix().Reason));
        Assert.Empty(promote.Calls);
        Assert.Equal(rebuild.Calls, rebuild.Undone);
    }

    [Fact]
    public async Task A_running_activity_of_a_cancelled_fix_is_ended()
    {
        var slow = new EndlessActivity();
        using var rig = new SpineRig(slow);
        await rig.ApprovedAsync("x-1", SpineRig.Plan(SpineRig.Flow(("Orchestrator.Retrain", new { model = "digits", dataset = "digits-train" }))));
        var work = rig.Worker().RunNextAsync(Cancel);
        await slow.Begun.Task.WaitAsync(Cancel);

        await rig.CommandAsync("x-1", new FixCommand.Cancel("lead@example.org", null) { At = SpineRig.Start });
        while (!work.IsCompleted)
        {
            rig.Real.Advance(TimeSpan.FromSeconds(10)); // the heartbeat sees that the work is no longer wanted
            await Task.Yield();
        }

        Assert.True(await work);
        Assert.True(slow.WasEnded);
        Assert.Equal(FixState.Compensated, rig.State());
        Assert.DoesNotContain(rig.Database.Read(EffectStore.Open), effect => effect.Kind == "activity");
    }

    private static Finding BadDeployment => new("f-b", "p-b", "digits", "BadDeployment", Labels.Of([KeyValuePair.Create("model", "digits")]), "r-1", SpineRig.Start);

    /// <summary>Works until it is told to end.</summary>
    private sealed class EndlessActivity : IActivity
    {
        public string Type => "Orchestrator.Retrain";

        public TaskCompletionSource Begun { get; } = new();

        public bool WasEnded { get; private set; }

        public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
        {
            Begun.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                return ActivityResult.Done("Succeeded");
            }
            finally
            {
                WasEnded = cancellation.IsCancellationRequested;
            }
        }
    }
}
