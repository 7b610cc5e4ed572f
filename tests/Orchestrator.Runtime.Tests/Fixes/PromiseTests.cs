using System.Globalization;
using Dapper;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>What is promised about fixes, each promise by its number.</summary>
public sealed class PromiseTests
{
    private static readonly string _two = SpineRig.Flow(
        ("Orchestrator.RebuildDataset", new { dataset = "digits-train", patch = "p-1" }), ("Orchestrator.Promote", new { model = "digits", challenger = "m-2", digest = "d-2" }));

    private static readonly FixPlan _plan = SpineRig.Plan(_two);

    [Theory]
    [InlineData("before the work")]
    [InlineData("after the work")]
    public async Task Promise_2_no_approved_fix_is_lost_wherever_the_process_is_killed(string moment)
    {
        for (var kill = 0; kill < 8; kill++)
        {
            var rebuild = new TestActivity("Orchestrator.RebuildDataset");
            var promote = new TestActivity("Orchestrator.Promote");
            using var rig = new SpineRig(rebuild, promote);
            await rig.ApprovedAsync("x-1", _plan);

            await RunAndKillAsync(rig, kill, afterWork: moment == "after the work");
            await rig.RebootAsync();
            await rig.DrainAsync();
            rig.Domain.Advance(TimeSpan.FromHours(2));
            await rig.DrainAsync();

            Assert.Equal(FixState.Compensated, rig.State());
            Assert.Equal(["x-1-run/3", "x-1-run/4"], rebuild.Calls.Concat(promote.Calls).Distinct());
            Assert.Equal(["x-1-run/4", "x-1-run/3"], promote.Undone.Concat(rebuild.Undone).Distinct());
            Assert.Equal(1, Count(rig, "fix_event", "body like '%\"compensated\"%'"));
        }
    }

    [Fact]
    public async Task Promise_3_what_is_repeatable_counts_once_by_its_key()
    {
        var rebuild = new TestActivity("Orchestrator.RebuildDataset");
        using var rig = new SpineRig(rebuild, new TestActivity("Orchestrator.Promote"));
        await rig.ApprovedAsync("x-1", _plan);
        for (var i = 0; i < 3; i++)
        {
            await RunAndKillAsync(rig, 0, afterWork: true);
            await rig.RebootAsync();
        }

        await rig.DrainAsync();

        Assert.Equal((4, 1), (rebuild.Calls.Count, rebuild.Calls.Distinct().Count()));
        Assert.Equal(1, Count(rig, "workflow_event", "body like '%ActivityCompleted%' and body like '%activityId\":\"a1\"%'"));
    }

    [Fact]
    public async Task Promise_3_what_is_not_repeatable_happens_at_most_once_and_the_doubt_waits_for_a_person()
    {
        var mail = new TestActivity("Orchestrator.Notify");
        using var rig = new SpineRig(mail);
        await rig.ApprovedAsync("x-1", SpineRig.Plan(SpineRig.Flow(("Orchestrator.Notify", new { target = "team", message = "hello" }))));
        await RunAndKillAsync(rig, 0, afterWork: true);
        await rig.RebootAsync();
        await rig.DrainAsync();

        Assert.Single(mail.Calls);
        Assert.Equal(FixState.Running, rig.State());
        var parked = Assert.Single(rig.Database.Read(EffectStore.Open), effect => effect.State == "parked");
        await rig.Database.WriteAsync(tx => new EffectStore(new EffectSignal()).Retry(tx, parked.Key));
        await rig.DrainAsync();
        Assert.Equal((2, FixState.Verifying), (mail.Calls.Count, rig.State()));
    }

    [Fact]
    public async Task Promise_4_a_duplicate_late_or_reordered_message_changes_nothing()
    {
        using var rig = new SpineRig(new TestActivity("Orchestrator.RebuildDataset"), new TestActivity("Orchestrator.Promote"));
        await rig.ApprovedAsync("x-1", _plan);
        await rig.DrainAsync();
        var before = Everything(rig);
        var at = rig.Domain.GetUtcNow();
        var plan = rig.Fix().Plan!;

        Assert.IsType<FixDecision.Refused>(await rig.ApproveAsync("x-1", plan));
        Assert.IsType<FixDecision.Refused>(await rig.CommandAsync("x-1", new FixCommand.Reject("lead@example.org", null) { At = at }));
        await rig.CommandAsync("x-1", new FixCommand.Start("x-1-run") { At = at });
        await rig.CommandAsync("x-1", new FixCommand.WorkflowFinished("again") { At = at });
        await rig.CommandAsync("x-1", new FixCommand.DeadlinePassed(SpineRig.Start.AddDays(3)) { At = at });
        await rig.CommandAsync("x-1", new FixCommand.FinishCompensation(null) { At = at });
        await rig.Database.WriteAsync(tx =>
        {
            rig.Workflows.Start(tx, "x-1-run", plan.Definition, plan.Inputs, at);
            rig.Workflows.Handle(tx, "x-1-run", new WorkflowCommand.CompleteActivity(at, "x-1-run/3", "Done", Values.Empty));
            rig.Workflows.Handle(tx, "x-1-run", new WorkflowCommand.FailActivity(at, "x-1-run/4", "late"));
            rig.Workflows.Handle(tx, "x-1-run", new WorkflowCommand.FireTimer(at, "x-1-run/4/timer"));
            rig.Workflows.Handle(tx, "x-1-run", new WorkflowCommand.ResumeBookmark(at, "nobody", "Done", Values.Empty));
            rig.Workflows.Handle(tx, "x-2-run", new WorkflowCommand.Cancel(at, "nobody"));
        });
        await rig.DrainAsync();

        Assert.Equal(before, Everything(rig));
    }

    [Fact]
    public async Task Promise_5_what_runs_is_byte_for_byte_what_was_approved()
    {
        using var rig = new SpineRig(new TestActivity("Orchestrator.RebuildDataset"), new TestActivity("Orchestrator.Promote"));
        var odd = _two.Replace("\"name\":\"flow\"", "\"name\" :\"flöw\\u0041\"", StringComparison.Ordinal);
        var plan = SpineRig.Plan(odd);
        await rig.OpenAsync("x-1");
        await rig.ProposeAsync("x-1", _plan);
        await rig.ProposeAsync("x-1", plan with { Revision = "r-2" }, "editor@example.org");
        var approved = rig.Fix().Plan!;

        Assert.IsType<FixDecision.Refused>(await rig.ApproveAsync("x-1", _plan));
        await rig.ApproveAsync("x-1", approved);
        await rig.RebootAsync();
        await rig.DrainAsync();

        Assert.Equal(odd, rig.Instance()!.Definition);
        Assert.Equal("digits-train", rig.Instance()!.State.Inputs["dataset"].GetString());
        Assert.Equal((approved.Sha256, approved.Sealed().Sha256), (rig.Fix().ApprovedPlan, rig.Fix().Plan!.Sha256));
    }

    /// <summary>Does effects, and is gone in the middle of one: before its work, or after it and before its result is recorded.</summary>
    private static async Task RunAndKillAsync(SpineRig rig, int done, bool afterWork)
    {
        var reached = new TaskCompletionSource();
        var left = done;
        var worker = rig.Worker([.. rig.Handlers.Select(handler => new MortalHandler(handler, afterWork, () => left-- == 0, reached))]);
        var cancel = TestContext.Current.CancellationToken;
        while (true)
        {
            var next = worker.RunNextAsync(cancel);
            if (await Task.WhenAny(next, reached.Task) == reached.Task || !await next)
            {
                return;
            }
        }
    }

    private static long Count(SpineRig rig, string table, string where) =>
        rig.Database.Read(connection => connection.ExecuteScalar<long>($"select count(*) from {table} where {where}"));

    private static string Everything(SpineRig rig) => rig.Database.Read(connection => string.Join('\n', new[] { "fix", "fix_event", "workflow_instance", "workflow_event", "effect", "audit", "finding" }
        .Select(table => string.Join('\n', connection.Query($"select * from {table} order by 1, 2").Select(row => string.Join('|', ((IDictionary<string, object?>)row).Select(cell => Convert.ToString(cell.Value, CultureInfo.InvariantCulture))))))));

    /// <summary>A handler whose process dies, once, before or after the work of another.</summary>
    private sealed class MortalHandler(IEffectHandler inner, bool afterWork, Func<bool> dies, TaskCompletionSource reached) : IEffectHandler
    {
        public string Kind => inner.Kind;

        public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
        {
            if (!dies())
            {
                return await inner.RunAsync(attempt, cancellation);
            }

            if (afterWork)
            {
                await inner.RunAsync(attempt, cancellation);
            }

            reached.TrySetResult();
            return await new TaskCompletionSource<EffectOutcome>().Task; // never: the process is gone
        }

        public void GiveUp(Transaction transaction, Effect effect, string reason) => inner.GiveUp(transaction, effect, reason);
    }
}
