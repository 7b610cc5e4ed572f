using System.Collections.Immutable;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

/// <summary>The second approval: of the changes that people's labels make, once they are known.</summary>
public sealed class FixPatchTests
{
    private static readonly DateTimeOffset _at = FixStory.Start.AddHours(5);

    private static Fix Waiting => FixStory.Apply(FixStory.In(FixState.Running), new FixCommand.ProposePatch(FixStory.Patch) { At = _at });

    [Fact]
    public void A_patch_waits_as_long_as_a_proposal_and_its_approval_lets_the_fix_run_on()
    {
        Assert.Equal((true, FixState.Running, _at.AddDays(3)), (Waiting.AwaitsPatch, Waiting.State, Waiting.Deadline));

        var approved = FixStory.Apply(Waiting, Approve("lead@example.org"));

        Assert.Equal((false, FixState.Running, "p-1", "lead@example.org", null), (approved.AwaitsPatch, approved.State, approved.ApprovedPatch, approved.PatchApprovedBy, approved.Deadline));
        Assert.Equal(FixState.Verifying, FixStory.Apply(approved, new FixCommand.WorkflowFinished("the workflow finished") { At = _at }).State);
    }

    [Theory]
    [InlineData("lead@example.org", "p-0", 0, "the patch is p-1: review that one")]
    [InlineData("lead@example.org", "p-1", 72, "the patch ran out at 2026-01-08 13:00:00Z")]
    [InlineData("ann@example.org", "p-1", 0, "whoever gave the labels, edited the plan or authored the rule cannot approve the patch (four_eyes)")]
    [InlineData("author@example.org", "p-1", 0, "whoever gave the labels, edited the plan or authored the rule cannot approve the patch (four_eyes)")]
    [InlineData("system", "p-1", 0, "whoever gave the labels, edited the plan or authored the rule cannot approve the patch (four_eyes)")]
    public void An_approval_is_of_one_patch_in_time_and_by_somebody_else(string by, string patch, int hours, string refusal)
    {
        var command = new FixCommand.ApprovePatch(by, patch, null, FourEyes: true) { At = _at.AddHours(hours) };

        Assert.Equal(refusal, FixStory.Refused(FixDecision.Decide(Waiting, command)));
    }

    [Fact]
    public void A_team_of_one_may_approve_the_labels_that_it_gave() =>
        Assert.Equal("ann@example.org", FixStory.Apply(Waiting, Approve("ann@example.org") with { FourEyes = false }).PatchApprovedBy);

    [Fact]
    public void An_approved_patch_is_not_approved_again_and_another_one_is_asked_for_anew()
    {
        var approved = FixStory.Apply(Waiting, Approve("lead@example.org"));
        Assert.Equal("the fix is running, and no patch of it waits for approval", FixStory.Refused(FixDecision.Decide(approved, Approve("lead@example.org"))));

        var next = FixStory.Apply(approved, new FixCommand.ProposePatch(FixStory.Patch with { Sha256 = "p-2" }) { At = _at.AddHours(1) });
        Assert.Equal((true, null, _at.AddHours(73)), (next.AwaitsPatch, next.ApprovedPatch, next.Deadline));
    }

    [Fact]
    public void A_rejected_patch_takes_back_what_was_done_before_and_the_fix_ends_as_rejected()
    {
        var undoing = FixStory.Apply(Waiting, new FixCommand.Reject("lead@example.org", "too many") { At = _at });
        Assert.Equal((FixState.Compensating, "lead@example.org rejected the patch: too many"), (undoing.State, undoing.Reason));

        var ended = FixStory.Apply(undoing, new FixCommand.FinishCompensation(null) { At = _at });
        Assert.Equal((FixState.Rejected, "lead@example.org rejected the patch: too many; what it changed is undone"), (ended.State, ended.Reason));
    }

    [Fact]
    public void A_patch_that_nobody_approved_in_time_takes_back_what_was_done_before_and_the_fix_ends_as_expired()
    {
        var undoing = FixStory.Apply(Waiting, new FixCommand.DeadlinePassed(_at.AddDays(3)) { At = _at.AddDays(3) });
        Assert.Equal((FixState.Compensating, "nobody approved the patch in time"), (undoing.State, undoing.Reason));
        Assert.Equal(FixState.Expired, FixStory.Apply(undoing, new FixCommand.FinishCompensation(null) { At = _at }).State);

        var approved = FixStory.Apply(Waiting, Approve("lead@example.org"));
        Assert.Empty(FixStory.Accepted(FixDecision.Decide(approved, new FixCommand.DeadlinePassed(_at.AddDays(3)) { At = _at.AddDays(3) })));
    }

    [Fact]
    public void The_changes_of_a_patch_are_counted_by_what_becomes_what()
    {
        var patch = DataPatch.Of("digits", "v1", [new RowChange.Relabel("1", "c", "3", "8"), new RowChange.Relabel("2", "c", "8", "3"), new RowChange.Relabel("4", "c", "3", "8"), new RowChange.Drop("5", ImmutableSortedDictionary<string, string?>.Empty)]);

        Assert.Equal([new LabelChange("3", "8", 2), new LabelChange("8", "3", 1)], PatchProposal.LabelsOf(patch));
    }

    private static FixCommand.ApprovePatch Approve(string by) => new(by, "p-1", null, FourEyes: true) { At = _at };
}
