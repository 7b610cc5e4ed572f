using System.Collections.Immutable;

namespace Orchestrator.Core.Fixes;

/// <summary>What a command leads to: events, or a refusal in words for the one who asked.</summary>
public abstract record FixDecision
{
    private FixDecision()
    {
    }

    /// <summary>Events in order; none where the command comes late or a second time.</summary>
    public sealed record Accepted(ImmutableArray<FixEvent> Events) : FixDecision;

    public sealed record Refused(string Reason) : FixDecision;

    /// <summary>Decides one command; total over states and commands.</summary>
    public static FixDecision Decide(Fix? fix, FixCommand command) => command switch
    {
        FixCommand.Open c => fix is null ? Accept(new FixEvent.Opened(c.Id, c.FindingId, c.Rule, c.Model, c.DedupKey, c.Terms) { At = c.At }) : Late,
        _ when fix is null => new Refused("there is no such fix"),
        FixCommand.Propose c => Propose(fix, c),
        FixCommand.Approve c => Approve(fix, c),
        FixCommand.Reject c => Reject(fix, c),
        FixCommand.Cancel c => Cancel(fix, c),
        FixCommand.Supersede c => fix.State <= FixState.Approved ? End(FixState.Superseded, c.Reason, c.At) : Late,
        FixCommand.Start c => fix.State == FixState.Approved ? Accept(new FixEvent.Started(c.InstanceId) { At = c.At }) : Late,
        FixCommand.ProposePatch c => fix.State == FixState.Running ? Accept(new FixEvent.PatchProposed(c.Patch, c.At + fix.Terms.Expires) { At = c.At }) : Late,
        FixCommand.ApprovePatch c => ApprovePatch(fix, c),
        FixCommand.WorkflowFinished c => fix.State == FixState.Running ? Finish(fix, c) : Late,
        FixCommand.WorkflowFailed c => FailWorkflow(fix, c),
        FixCommand.Verify c => fix.State == FixState.Verifying ? End(FixState.Succeeded, c.Reason, c.At) : Late,
        FixCommand.DeadlinePassed c => fix.Deadline == c.Deadline ? PassDeadline(fix, c) : Late,
        FixCommand.FinishCompensation c => fix.State == FixState.Compensating ? FinishCompensation(fix, c) : Late,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Accepted Late => new([]);

    private static FixDecision Propose(Fix fix, FixCommand.Propose command)
    {
        if (fix.State is not (FixState.Preparing or FixState.Proposed))
        {
            return new Refused($"the fix is {Word(fix.State)}: its plan can no longer change");
        }

        var plan = command.Plan.Sealed();
        if (plan.Sha256 == fix.Plan?.Sha256)
        {
            return Late;
        }

        var proposed = new FixEvent.Proposed(plan, command.By, command.At + fix.Terms.Expires) { At = command.At };
        return fix.Terms.AutoApprove && fix.State == FixState.Preparing
            ? new Accepted([proposed, new FixEvent.Approved(plan.Sha256, "rule", "approval: auto") { At = command.At }])
            : Accept(proposed);
    }

    private static FixDecision Approve(Fix fix, FixCommand.Approve command)
    {
        if (fix.State != FixState.Proposed)
        {
            return new Refused($"the fix is {Word(fix.State)}, not proposed");
        }

        if (fix.Deadline <= command.At)
        {
            return new Refused($"the proposal ran out at {fix.Deadline:u}");
        }

        if (command.PlanSha256 != fix.Plan!.Sha256)
        {
            return new Refused($"the plan has changed since you looked: it is {fix.Plan.Sha256} now; review it again");
        }

        if (command.FourEyes && (command.By == fix.ProposedBy || command.By == fix.Terms.Author))
        {
            return new Refused("whoever edited the plan or authored the rule cannot approve it (four_eyes)");
        }

        return Accept(new FixEvent.Approved(command.PlanSha256, command.By, command.Comment) { At = command.At });
    }

    private static FixDecision ApprovePatch(Fix fix, FixCommand.ApprovePatch command)
    {
        if (!fix.AwaitsPatch)
        {
            return new Refused($"the fix is {Word(fix.State)}, and no patch of it waits for approval");
        }

        if (fix.Deadline <= command.At)
        {
            return new Refused($"the patch ran out at {fix.Deadline:u}");
        }

        if (command.PatchSha256 != fix.Patch!.Sha256)
        {
            return new Refused($"the patch is {fix.Patch.Sha256}: review that one");
        }

        if (command.FourEyes && (command.By == fix.ProposedBy || command.By == fix.Terms.Author || fix.Patch.LabelledBy.Contains(command.By)))
        {
            return new Refused("whoever gave the labels, edited the plan or authored the rule cannot approve the patch (four_eyes)");
        }

        return Accept(new FixEvent.PatchApproved(command.PatchSha256, command.By, command.Comment) { At = command.At });
    }

    /// <summary>A rejected patch takes back what the fix did before it.</summary>
    private static FixDecision Reject(Fix fix, FixCommand.Reject command) => fix switch
    {
        { State: FixState.Proposed } => Accept(new FixEvent.Ended(FixState.Rejected, command.Comment ?? "rejected", command.By) { At = command.At }),
        { AwaitsPatch: true } => Accept(new FixEvent.CompensationStarted($"{command.By} rejected the patch{(command.Comment is { } comment ? $": {comment}" : "")}")
        {
            At = command.At, By = command.By, UndoneAs = FixState.Rejected,
        }),
        _ => new Refused($"the fix is {Word(fix.State)}, not proposed"),
    };

    private static FixDecision Cancel(Fix fix, FixCommand.Cancel command)
    {
        var reason = $"cancelled by {command.By}{(command.Comment is { } comment ? $": {comment}" : "")}";
        return fix.State switch
        {
            FixState.Preparing or FixState.Proposed or FixState.Approved => Accept(new FixEvent.Ended(FixState.Rejected, reason, command.By) { At = command.At }),
            FixState.Running or FixState.Verifying => Accept(new FixEvent.CompensationStarted(reason) { At = command.At, By = command.By }),
            FixState.Compensating => Late,
            _ => new Refused($"the fix is {Word(fix.State)}: there is nothing left to cancel"),
        };
    }

    private static Accepted Finish(Fix fix, FixCommand.WorkflowFinished command) =>
        fix.Terms.Verification is { } verification
            ? Accept(new FixEvent.Ran(command.At + verification.Within, command.Reason) { At = command.At })
            : End(FixState.Succeeded, $"{command.Reason}; the rule asks for no verification", command.At);

    private static Accepted FailWorkflow(Fix fix, FixCommand.WorkflowFailed command) => fix.State switch
    {
        FixState.Running when command.LeftChanges => Accept(new FixEvent.CompensationStarted(command.Reason) { At = command.At }),
        FixState.Preparing or FixState.Approved or FixState.Running => End(FixState.Failed, command.Reason, command.At),
        _ => Late,
    };

    private static Accepted PassDeadline(Fix fix, FixCommand.DeadlinePassed command)
    {
        if (fix.State == FixState.Proposed)
        {
            return End(FixState.Expired, "nobody approved it in time", command.At);
        }

        if (fix.State == FixState.Running)
        {
            return Accept(new FixEvent.CompensationStarted("nobody approved the patch in time") { At = command.At, UndoneAs = FixState.Expired });
        }

        var reason = $"the metric did not recover by {command.Deadline:u}";
        return fix.Terms.Verification!.Otherwise == Otherwise.Compensate
            ? Accept(new FixEvent.CompensationStarted(reason) { At = command.At })
            : End(FixState.Failed, reason, command.At);
    }

    private static Accepted FinishCompensation(Fix fix, FixCommand.FinishCompensation command) =>
        command.Fault is null
            ? End(fix.UndoneAs ?? FixState.Compensated, $"{fix.Reason}; what it changed is undone", command.At)
            : End(FixState.Failed, $"{fix.Reason}; undoing it failed: {command.Fault}", command.At);

    private static Accepted Accept(FixEvent @event) => new([@event]);

    private static Accepted End(FixState state, string reason, DateTimeOffset at) => Accept(new FixEvent.Ended(state, reason, null) { At = at });

    private static string Word(FixState state) => state switch
    {
        FixState.Preparing => "still being prepared",
        FixState.Verifying => "being verified",
        FixState.Compensating => "being undone",
        _ => state.ToString().ToLowerInvariant(),
    };
}
