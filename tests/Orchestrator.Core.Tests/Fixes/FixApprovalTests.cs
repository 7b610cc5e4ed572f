using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class FixApprovalTests
{
    private static readonly DateTimeOffset _at = FixStory.Start.AddHours(5);

    [Fact]
    public void An_approval_names_the_plan_that_was_looked_at()
    {
        var edited = FixStory.Apply(FixStory.In(FixState.Proposed), Edit("r-2"));

        var reason = FixStory.Refused(FixDecision.Decide(edited, Approve("lead@example.org", FixStory.Plan.Sha256)));

        Assert.Equal($"the plan has changed since you looked: it is {edited.Plan!.Sha256} now; review it again", reason);
        var approved = FixStory.Apply(edited, Approve("lead@example.org", edited.Plan.Sha256));
        Assert.Equal((FixState.Approved, edited.Plan.Sha256, "lead@example.org", 2), (approved.State, approved.ApprovedPlan, approved.ApprovedBy, approved.PlanNumber));
    }

    [Fact]
    public void An_edited_plan_cannot_travel_under_the_hash_of_the_plan_it_was_made_from()
    {
        var stale = FixStory.Plan with { Definition = "{}", NormalisedDefinition = "{}" };
        Assert.Equal(FixStory.Plan.Sha256, stale.Sha256);

        var edited = FixStory.Apply(FixStory.In(FixState.Proposed), new FixCommand.Propose(stale, "editor@example.org") { At = _at });

        Assert.NotEqual(FixStory.Plan.Sha256, edited.Plan!.Sha256);
        Assert.Equal(stale.Sealed().Sha256, edited.Plan.Sha256);
    }

    [Fact]
    public void The_same_plan_proposed_again_changes_nothing() =>
        Assert.Empty(FixStory.Accepted(FixDecision.Decide(FixStory.In(FixState.Proposed), new FixCommand.Propose(FixStory.Plan, "system") { At = _at })));

    [Fact]
    public void An_edit_gives_the_reviewers_the_whole_time_again()
    {
        var edited = FixStory.Apply(FixStory.In(FixState.Proposed), Edit("r-2"));

        Assert.Equal(_at.AddDays(3), edited.Deadline);
        Assert.Equal("editor@example.org", edited.ProposedBy);
    }

    [Fact]
    public void Four_eyes_keep_the_editor_and_the_author_from_approving()
    {
        var edited = FixStory.Apply(FixStory.In(FixState.Proposed), Edit("r-2"));
        const string Refusal = "whoever edited the plan or authored the rule cannot approve it (four_eyes)";

        Assert.Equal(Refusal, FixStory.Refused(FixDecision.Decide(edited, Approve("editor@example.org", edited.Plan!.Sha256))));
        Assert.Equal(Refusal, FixStory.Refused(FixDecision.Decide(edited, Approve("author@example.org", edited.Plan.Sha256))));
        Assert.Equal(FixState.Approved, FixStory.Apply(edited, Approve("lead@example.org", edited.Plan.Sha256)).State);
    }

    [Fact]
    public void A_team_of_one_may_approve_what_it_wrote()
    {
        var edited = FixStory.Apply(FixStory.In(FixState.Proposed), Edit("r-2"));

        var approved = FixStory.Apply(edited, Approve("editor@example.org", edited.Plan!.Sha256) with { FourEyes = false });

        Assert.Equal("editor@example.org", approved.ApprovedBy);
    }

    [Fact]
    public void A_proposal_that_ran_out_is_not_approved_before_anybody_noticed()
    {
        var proposed = FixStory.In(FixState.Proposed);
        var last = Approve("lead@example.org", FixStory.Plan.Sha256) with { At = proposed.Deadline!.Value.AddTicks(-1) };

        Assert.Equal("the proposal ran out at 2026-01-08 09:00:00Z", FixStory.Refused(FixDecision.Decide(proposed, last with { At = proposed.Deadline.Value })));
        Assert.Equal(FixState.Approved, FixStory.Apply(proposed, last).State);
    }

    [Fact]
    public void A_rule_that_approves_by_itself_passes_through_the_same_states()
    {
        var fix = FixStory.In(FixState.Preparing, FixStory.Terms with { AutoApprove = true });

        var events = FixStory.Accepted(FixDecision.Decide(fix, new FixCommand.Propose(FixStory.Plan, "system") { At = _at }));

        Assert.Equal(["Proposed", "Approved"], events.Select(@event => @event.GetType().Name));
        var approved = events.Aggregate(fix, Fix.Evolve);
        Assert.Equal((FixState.Approved, FixStory.Plan.Sha256, "rule", null), (approved.State, approved.ApprovedPlan, approved.ApprovedBy, approved.Deadline));
    }

    [Fact]
    public void A_rejection_keeps_the_words_and_the_name()
    {
        var events = FixStory.Accepted(FixDecision.Decide(FixStory.In(FixState.Proposed), new FixCommand.Reject("lead@example.org", "not now") { At = _at }));

        Assert.Equal([new FixEvent.Ended(FixState.Rejected, "not now", "lead@example.org") { At = _at }], events);
    }

    private static FixCommand.Propose Edit(string revision) => new(FixStory.Plan with { Revision = revision }, "editor@example.org") { At = _at };

    private static FixCommand.Approve Approve(string by, string hash) => new(by, hash, null, true) { At = _at };
}
