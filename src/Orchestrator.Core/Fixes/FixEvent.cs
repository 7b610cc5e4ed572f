using System.Text.Json.Serialization;

namespace Orchestrator.Core.Fixes;

/// <summary>What happened to a fix.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Proposed), "proposed")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(PatchProposed), "patch_proposed")]
[JsonDerivedType(typeof(PatchApproved), "patch_approved")]
[JsonDerivedType(typeof(Ran), "ran")]
[JsonDerivedType(typeof(CompensationStarted), "compensation_started")]
[JsonDerivedType(typeof(Ended), "ended")]
public abstract record FixEvent
{
    private FixEvent()
    {
    }

    public required DateTimeOffset At { get; init; }

    public sealed record Opened(string Id, string FindingId, string Rule, string? Model, string DedupKey, FixTerms Terms) : FixEvent;

    public sealed record Proposed(FixPlan Plan, string By, DateTimeOffset Deadline) : FixEvent;

    public sealed record Approved(string PlanSha256, string By, string? Comment) : FixEvent;

    public sealed record Started(string InstanceId) : FixEvent;

    /// <summary>The labels are in; the patch that they make waits for approval until the deadline.</summary>
    public sealed record PatchProposed(PatchProposal Patch, DateTimeOffset Deadline) : FixEvent;

    public sealed record PatchApproved(string PatchSha256, string By, string? Comment) : FixEvent;

    public sealed record Ran(DateTimeOffset Deadline, string Reason) : FixEvent;

    public sealed record CompensationStarted(string Reason) : FixEvent
    {
        /// <summary>Who cancelled it; null where nobody did.</summary>
        public string? By { get; init; }

        /// <summary>The final state that undoing leads to, where it is another than compensated.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FixState? UndoneAs { get; init; }
    }

    public sealed record Ended(FixState State, string Reason, string? By) : FixEvent;
}
