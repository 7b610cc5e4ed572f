using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class FixDeadlineTests
{
    private static readonly DateTimeOffset _at = FixStory.Start.AddHours(5);

    [Fact]
    public void The_deadline_of_an_older_plan_does_not_end_its_successor()
    {
        var proposed = FixStory.In(FixState.Proposed);
        var edited = FixStory.Apply(proposed, new FixCommand.Propose(FixStory.Plan with { Revision = "r-2" }, "editor@example.org") { At = _at });

        Assert.Empty(FixStory.Accepted(FixDecision.Decide(edited, Passed(proposed.Deadline!.Value))));
        Assert.Equal(FixState.Expired, FixStory.Apply(edited, Passed(edited.Deadline!.Value)).State);
    }

    [Fact]
    public void The_deadline_of_the_proposal_does_not_end_the_verification()
    {
        var proposed = FixStory.In(FixState.Proposed);

        Assert.Empty(FixStory.Accepted(FixDecision.Decide(FixStory.In(FixState.Verifying), Passed(proposed.Deadline!.Value))));
    }

    [Fact]
    public void Verification_counts_from_the_end_of_the_workflow()
    {
        var ran = FixStory.Apply(FixStory.In(FixState.Running), new FixCommand.WorkflowFinished("the workflow finished") { At = _at });

        Assert.Equal((FixState.Verifying, _at, _at.AddHours(2)), (ran.State, ran.RanUntil!.Value, ran.Deadline!.Value));
    }

    [Fact]
    public void Without_a_verification_a_finished_workflow_counts()
    {
        var running = FixStory.In(FixState.Running, FixStory.Terms with { Verification = null });

        var done = FixStory.Apply(running, new FixCommand.WorkflowFinished("the workflow finished") { At = _at });

        Assert.Equal((FixState.Succeeded, "the workflow finished; the rule asks for no verification"), (done.State, done.Reason));
    }

    [Fact]
    public void A_metric_that_did_not_recover_escalates()
    {
        var failed = FixStory.Apply(FixStory.In(FixState.Verifying), Passed(FixStory.Start.AddHours(6)));

        Assert.Equal((FixState.Failed, "the metric did not recover by 2026-01-05 14:00:00Z"), (failed.State, failed.Reason));
    }

    [Fact]
    public void A_metric_that_did_not_recover_undoes_the_fix_where_the_rule_says_so()
    {
        var undoing = FixStory.Apply(FixStory.In(FixState.Verifying, FixStory.Undoing), Passed(FixStory.Start.AddHours(6)));
        Assert.Equal((FixState.Compensating, null), (undoing.State, undoing.Deadline));

        var undone = FixStory.Apply(undoing, new FixCommand.FinishCompensation(null) { At = _at });
        var stuck = FixStory.Apply(undoing, new FixCommand.FinishCompensation("no champion before this one") { At = _at });

        Assert.Equal((FixState.Compensated, "the metric did not recover by 2026-01-05 14:00:00Z; what it changed is undone"), (undone.State, undone.Reason));
        Assert.Equal(
            (FixState.Failed, "the metric did not recover by 2026-01-05 14:00:00Z; undoing it failed: no champion before this one"), (stuck.State, stuck.Reason));
    }

    [Fact]
    public void A_recovery_that_comes_after_the_fix_was_undone_is_late() =>
        Assert.Empty(FixStory.Accepted(FixDecision.Decide(FixStory.In(FixState.Compensating, FixStory.Undoing), new FixCommand.Verify("it is 0.95") { At = _at })));

    private static FixCommand.DeadlinePassed Passed(DateTimeOffset deadline) => new(deadline) { At = deadline };
}
