using System.Reflection;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class FixDecisionTests
{
    // Where a command leads: a state; - where it changes nothing; ! where it is refused.
    private const string Table = """
        state         Open       Propose   Approve   Reject    Supersede   Start    WorkflowFinished  WorkflowFailed  Verify     DeadlinePassed  FinishCompensation  Cancel        ProposePatch  ApprovePatch
        none          Preparing  !         !         !         !           !        !                 !               !          !               !                   !             !             !
        Preparing     -          Proposed  !         !         Superseded  -        -                 Failed          -          -               -                   Rejected      -             !
        Proposed      -          Proposed  Approved  Rejected  Superseded  -        -                 -               -          Expired         -                   Rejected      -             !
        Approved      -          !         !         !         Superseded  Running  -                 Failed          -          -               -                   Rejected      -             !
        Running       -          !         !         !         -           -        Verifying         Failed          -          -               -                   Compensating  Running       !
        Verifying     -          !         !         !         -           -        -                 -               Succeeded  Failed          -                   Compensating  -             !
        Compensating  -          !         !         !         -           -        -                 -               -          -               Compensated         -             -             !
        Succeeded     -          !         !         !         -           -        -                 -               -          -               -                   !             -             !
        Failed        -          !         !         !         -           -        -                 -               -          -               -                   !             -             !
        Compensated   -          !         !         !         -           -        -                 -               -          -               -                   !             -             !
        Rejected      -          !         !         !         -           -        -                 -               -          -               -                   !             -             !
        Expired       -          !         !         !         -           -        -                 -               -          -               -                   !             -             !
        Superseded    -          !         !         !         -           -        -                 -               -          -               -                   !             -             !
        """;

    private static readonly DateTimeOffset _at = FixStory.Start.AddHours(5);

    [Fact]
    public void A_workflow_that_failed_after_it_changed_something_is_undone()
    {
        var decision = FixDecision.Decide(FixStory.In(FixState.Running), new FixCommand.WorkflowFailed("the trainer failed", LeftChanges: true) { At = _at });

        var accepted = Assert.IsType<FixDecision.Accepted>(decision);
        Assert.Equal([new FixEvent.CompensationStarted("the trainer failed") { At = _at }], accepted.Events);
    }

    [Fact]
    public void Every_command_in_every_state_leads_where_the_table_says()
    {
        var rows = Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var wrong = from row in rows.Skip(1)
                    from column in Enumerable.Range(1, rows[0].Length - 1)
                    let got = Outcome(row[0] == "none" ? null : FixStory.In(Enum.Parse<FixState>(row[0])), rows[0][column])
                    where got != row[column]
                    select $"{row[0]} × {rows[0][column]}: {got}, not {row[column]}";

        Assert.Empty(wrong);
        Assert.Equal(["none", .. Enum.GetNames<FixState>()], rows.Skip(1).Select(row => row[0]));
        Assert.Equal(Cases(typeof(FixCommand)), rows[0].Skip(1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_last_six_states_are_final_and_the_others_are_open()
    {
        var final = Enum.GetValues<FixState>().Where(Fix.IsFinal);

        Assert.Equal([FixState.Succeeded, FixState.Failed, FixState.Compensated, FixState.Rejected, FixState.Expired, FixState.Superseded], final);
        Assert.All(Enum.GetValues<FixState>(), state => Assert.Equal(!Fix.IsFinal(state), FixStory.In(state).IsOpen));
    }

    [Fact]
    public void A_final_fix_has_an_end_and_no_deadline() =>
        Assert.All(
            Enum.GetValues<FixState>().Where(Fix.IsFinal).Select(state => FixStory.In(state)),
            fix => Assert.Equal((FixStory.Start.AddHours(7), null, "it ended"), (fix.EndedAt!.Value, fix.Deadline, fix.Reason)));

    [Fact]
    public void Every_event_carries_the_time_of_its_command()
    {
        var events = from state in Enum.GetValues<FixState>()
                     from command in Cases(typeof(FixCommand))
                     let fix = FixStory.In(state)
                     let decision = FixDecision.Decide(fix, Command(command, fix)) as FixDecision.Accepted
                     where decision is not null
                     from @event in decision.Events
                     select @event.At;

        Assert.All(events, at => Assert.Equal(_at, at));
    }

    [Fact]
    public void Every_event_applies_to_an_open_fix_and_only_the_opening_to_none()
    {
        var events = Samples().ToList();
        Assert.Equal(Cases(typeof(FixEvent)), events.Select(@event => @event.GetType().Name).Order(StringComparer.Ordinal));

        Assert.Equal("x-1", Fix.Evolve(null, events[0]).Id);
        Assert.All(events.Skip(1), @event => Assert.Throws<InvalidOperationException>(() => Fix.Evolve(null, @event)));
        Assert.Equal(
            [FixState.Preparing, FixState.Proposed, FixState.Approved, FixState.Running, FixState.Running, FixState.Running, FixState.Verifying, FixState.Compensating, FixState.Failed],
            events.Select(@event => Fix.Evolve(FixStory.In(FixState.Running), @event).State));
    }

    [Fact]
    public void What_is_refused_says_why()
    {
        var approve = new FixCommand.Approve("lead@example.org", FixStory.Plan.Sha256, null, true) { At = _at };

        Assert.Equal("there is no such fix", FixStory.Refused(FixDecision.Decide(null, approve)));
        Assert.Equal("the fix is still being prepared, not proposed", FixStory.Refused(FixDecision.Decide(FixStory.In(FixState.Preparing), approve)));
        Assert.Equal("the fix is being verified, not proposed", FixStory.Refused(FixDecision.Decide(FixStory.In(FixState.Verifying), approve)));
        Assert.Equal("the fix is superseded, not proposed", FixStory.Refused(FixDecision.Decide(FixStory.In(FixState.Superseded), approve)));
        Assert.Equal(
            "the fix is being undone: its plan can no longer change",
            FixStory.Refused(FixDecision.Decide(FixStory.In(FixState.Compensating), new FixCommand.Propose(FixStory.Plan, "lead@example.org") { At = _at })));
    }

    [Fact]
    public void Who_cancels_a_fix_stands_in_its_reason_and_an_ended_one_cannot_be_cancelled()
    {
        var cancel = new FixCommand.Cancel("lead@example.org", "wrong dataset") { At = _at };

        var stopped = FixStory.Apply(FixStory.In(FixState.Running), cancel);
        Assert.Equal(("lead@example.org", "cancelled by lead@example.org: wrong dataset"), (stopped.CancelledBy, stopped.Reason));
        Assert.Equal(
            "cancelled by lead@example.org: wrong dataset; what it changed is undone",
            FixStory.Apply(stopped, new FixCommand.FinishCompensation(null) { At = _at }).Reason);
        Assert.Equal("the fix is failed: there is nothing left to cancel", FixStory.Refused(FixDecision.Decide(FixStory.In(FixState.Failed), cancel)));
    }

    private static string Outcome(Fix? fix, string command) => FixDecision.Decide(fix, Command(command, fix)) switch
    {
        FixDecision.Refused => "!",
        FixDecision.Accepted { Events.IsEmpty: true } => "-",
        FixDecision.Accepted accepted => accepted.Events.Aggregate(fix, Fix.Evolve)!.State.ToString(),
        _ => "?",
    };

    private static FixCommand Command(string name, Fix? fix) => name switch
    {
        "Open" => FixStory.Open() with { At = _at },
        "Propose" => new FixCommand.Propose(FixStory.Plan with { Revision = "r-2" }, "editor@example.org") { At = _at },
        "Approve" => new FixCommand.Approve("lead@example.org", FixStory.Plan.Sha256, "looks right", true) { At = _at },
        "Reject" => new FixCommand.Reject("lead@example.org", "not now") { At = _at },
        "Cancel" => new FixCommand.Cancel("lead@example.org", "wrong dataset") { At = _at },
        "Supersede" => new FixCommand.Supersede("the dataset has another version") { At = _at },
        "Start" => new FixCommand.Start("x-1-run") { At = _at },
        "ProposePatch" => new FixCommand.ProposePatch(FixStory.Patch) { At = _at },
        "ApprovePatch" => new FixCommand.ApprovePatch("lead@example.org", FixStory.Patch.Sha256, null, true) { At = _at },
        "WorkflowFinished" => new FixCommand.WorkflowFinished("the workflow finished") { At = _at },
        "WorkflowFailed" => new FixCommand.WorkflowFailed("the trainer failed") { At = _at },
        "Verify" => new FixCommand.Verify("model_accuracy is 0.95") { At = _at },
        "DeadlinePassed" => new FixCommand.DeadlinePassed(fix?.Deadline ?? _at) { At = _at },
        "FinishCompensation" => new FixCommand.FinishCompensation(null) { At = _at },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name),
    };

    private static IEnumerable<FixEvent> Samples() =>
    [
        new FixEvent.Opened("x-1", "f-1", "LabelErrors", "digits", "key", FixStory.Terms) { At = _at },
        new FixEvent.Proposed(FixStory.Plan, "system", _at.AddDays(3)) { At = _at },
        new FixEvent.Approved(FixStory.Plan.Sha256, "lead@example.org", null) { At = _at },
        new FixEvent.Started("x-1-run") { At = _at },
        new FixEvent.PatchProposed(FixStory.Patch, _at.AddDays(3)) { At = _at },
        new FixEvent.PatchApproved(FixStory.Patch.Sha256, "lead@example.org", null) { At = _at },
        new FixEvent.Ran(_at.AddHours(2), "the workflow finished") { At = _at },
        new FixEvent.CompensationStarted("the metric did not recover") { At = _at },
        new FixEvent.Ended(FixState.Failed, "the trainer failed", null) { At = _at },
    ];

    private static IOrderedEnumerable<string> Cases(Type family) =>
        family.GetNestedTypes(BindingFlags.Public).Where(family.IsAssignableFrom).Select(type => type.Name).Order(StringComparer.Ordinal);
}
