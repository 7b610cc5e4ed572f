namespace Orchestrator.Core.Fixes;

/// <summary>The states of a fix; the last six are final.</summary>
public enum FixState
{
    Preparing,
    Proposed,
    Approved,
    Running,
    Verifying,
    Compensating,
    Succeeded,
    Failed,
    Compensated,
    Rejected,
    Expired,
    Superseded,
}

/// <summary>A proposal to repair what a finding names, from its preparation to its verified end.</summary>
/// <param name="Id">Derived from the finding and the fix's number for it.</param>
/// <param name="DedupKey">At most one open fix exists for it.</param>
/// <param name="PlanNumber">1 for the generated plan; every edit is a plan of its own.</param>
/// <param name="ApprovedPlan">Hash of the plan that was approved: what runs is this one, byte for byte.</param>
/// <param name="Reason">Why it is in its state, for people.</param>
public sealed record Fix(
    string Id, string FindingId, string Rule, string? Model, string DedupKey, FixTerms Terms, FixState State, DateTimeOffset OpenedAt)
{
    public FixPlan? Plan { get; init; }

    public int PlanNumber { get; init; }

    public string? ProposedBy { get; init; }

    public string? ApprovedPlan { get; init; }

    public string? ApprovedBy { get; init; }

    /// <summary>Who stopped it while it ran or was verified.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>The changes that people's labels make, where they are to be approved; the newest, where the workflow asks in rounds.</summary>
    public PatchProposal? Patch { get; init; }

    /// <summary>Hash of the patch that was approved last.</summary>
    public string? ApprovedPatch { get; init; }

    public string? PatchApprovedBy { get; init; }

    /// <summary>The final state that undoing leads to, where it is another than compensated.</summary>
    public FixState? UndoneAs { get; init; }

    public string? InstanceId { get; init; }

    public string? Reason { get; init; }

    /// <summary>When the proposal, the patch or the verification runs out; the last starts at the workflow's end.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>End of the workflow: verification counts rows after it.</summary>
    public DateTimeOffset? RanUntil { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public bool IsOpen => !IsFinal(State);

    /// <summary>Whether its workflow waits for a person's word on the patch.</summary>
    public bool AwaitsPatch => State == FixState.Running && Patch is not null && Patch.Sha256 != ApprovedPatch;

    public static bool IsFinal(FixState state) => state >= FixState.Succeeded;

    /// <summary>Applies one event.</summary>
    public static Fix Evolve(Fix? fix, FixEvent @event) => @event switch
    {
        FixEvent.Opened e => new Fix(e.Id, e.FindingId, e.Rule, e.Model, e.DedupKey, e.Terms, FixState.Preparing, e.At),
        FixEvent.Proposed e => Known(fix) with
        {
            State = FixState.Proposed,
            Plan = e.Plan,
            PlanNumber = Known(fix).PlanNumber + 1,
            ProposedBy = e.By,
            Deadline = e.Deadline,
        },
        FixEvent.Approved e => Known(fix) with { State = FixState.Approved, ApprovedPlan = e.PlanSha256, ApprovedBy = e.By, Reason = e.Comment, Deadline = null },
        FixEvent.Started e => Known(fix) with { State = FixState.Running, InstanceId = e.InstanceId },
        FixEvent.PatchProposed e => Known(fix) with { Patch = e.Patch, ApprovedPatch = null, PatchApprovedBy = null, Deadline = e.Deadline },
        FixEvent.PatchApproved e => Known(fix) with { ApprovedPatch = e.PatchSha256, PatchApprovedBy = e.By, Deadline = null },
        FixEvent.Ran e => Known(fix) with { State = FixState.Verifying, RanUntil = e.At, Deadline = e.Deadline, Reason = e.Reason },
        FixEvent.CompensationStarted e => Known(fix) with { State = FixState.Compensating, Reason = e.Reason, Deadline = null, CancelledBy = e.By, UndoneAs = e.UndoneAs },
        FixEvent.Ended e => Known(fix) with { State = e.State, Reason = e.Reason, EndedAt = e.At, Deadline = null },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Fix Known(Fix? fix) => fix ?? throw new InvalidOperationException("a fix begins with its opening");
}
