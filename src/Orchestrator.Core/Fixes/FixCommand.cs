namespace Orchestrator.Core.Fixes;

/// <summary>What is asked of a fix; every command carries its time.</summary>
public abstract record FixCommand
{
    private FixCommand()
    {
    }

    public required DateTimeOffset At { get; init; }

    public sealed record Open(string Id, string FindingId, string Rule, string? Model, string DedupKey, FixTerms Terms) : FixCommand;

    /// <summary>The prepared plan; again by a person, it is an edit and a plan of its own.</summary>
    public sealed record Propose(FixPlan Plan, string By) : FixCommand;

    public sealed record Approve(string By, string PlanSha256, string? Comment, bool FourEyes) : FixCommand;

    public sealed record Reject(string By, string? Comment) : FixCommand;

    /// <summary>A person's word to stop it, wherever it is; what it changed is undone.</summary>
    public sealed record Cancel(string By, string? Comment) : FixCommand;

    /// <summary>What the plan was made from has moved: the alert is gone or the dataset has another version.</summary>
    public sealed record Supersede(string Reason) : FixCommand;

    public sealed record Start(string InstanceId) : FixCommand;

    /// <summary>The labels are in, and the patch that they make is to be approved before it is applied.</summary>
    public sealed record ProposePatch(PatchProposal Patch) : FixCommand;

    public sealed record ApprovePatch(string By, string PatchSha256, string? Comment, bool FourEyes) : FixCommand;

    /// <summary>The workflow ended by itself and what it set out to change is changed.</summary>
    public sealed record WorkflowFinished(string Reason) : FixCommand;

    /// <summary>The fix could not be prepared or started, or its workflow faulted, was cancelled or ended without changing anything.</summary>
    /// <param name="LeftChanges">Whether it changed something before, which has to be undone.</param>
    public sealed record WorkflowFailed(string Reason, bool LeftChanges = false) : FixCommand;

    public sealed record Verify(string Reason) : FixCommand;

    /// <summary>A deadline passed: of the proposal, of the patch or of the verification, whichever the fix waits for.</summary>
    public sealed record DeadlinePassed(DateTimeOffset Deadline) : FixCommand;

    public sealed record FinishCompensation(string? Fault) : FixCommand;
}
