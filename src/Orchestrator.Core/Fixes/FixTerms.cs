using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Fixes;

/// <summary>What happens to the finding when the metric did not recover in time.</summary>
public enum Otherwise
{
    /// <summary>The fix fails and people are told.</summary>
    Escalate,

    /// <summary>What the fix changed is undone.</summary>
    Compensate,
}

/// <summary>The terms under which a fix was opened, copied from its rule so that a later revision cannot change them.</summary>
/// <param name="Workflow">Name of the workflow definition.</param>
/// <param name="AutoApprove">Whether the rule itself approves.</param>
/// <param name="Approvers">Groups of which one member has to approve; empty: anyone who may approve.</param>
/// <param name="Author">Who authored the rule's revision, and so cannot approve where four eyes are asked for.</param>
/// <param name="Expires">How long a proposal stands.</param>
/// <param name="Verification">How recovery is proven; without one a finished workflow counts.</param>
public sealed record FixTerms(
    string Workflow, bool AutoApprove, ImmutableArray<string> Approvers, string? Author, TimeSpan Expires, FixVerification? Verification)
{
    /// <summary>Whether the actual patch is approved once more when the labels are in.</summary>
    public bool AsksForPatch { get; init; }

    /// <summary>The terms of a rule's <c>then</c>.</summary>
    public static FixTerms Of(FixTemplate then, string? author) => new(
        then.Workflow,
        then.Approval == FixApproval.Auto,
        then.Approvers,
        author,
        then.Expires,
        then.Verify is { } verify
            ? new FixVerification(
                verify.Expression.Text, verify.Within, verify.MinRows, verify.Otherwise == WhenNotVerified.Compensate ? Otherwise.Compensate : Otherwise.Escalate)
            : null)
    {
        AsksForPatch = then.PatchApproval == FixApproval.Required, InhibitedBy = then.InhibitedBy, ActiveHours = then.Limits.ActiveHours?.ToString(),
    };

    /// <summary>Alerts that, while they fire for the same model, keep it from starting.</summary>
    public ImmutableArray<string> InhibitedBy { get; init; } = [];

    /// <summary>The hours of a week in which it may start, as authors write them; any where absent.</summary>
    public string? ActiveHours { get; init; }

    [JsonIgnore]
    public ActiveHours? Hours => ActiveHours is { } text ? Rules.ActiveHours.Parse(text) : null;
}

/// <summary>The predicate that has to hold, on rows after the fix, for the fix to have helped.</summary>
/// <param name="Expression">PromQL, evaluated for the finding's labels.</param>
/// <param name="Within">Time after the end of the workflow in which it has to hold.</param>
/// <param name="MinRows">Rows that a value has to be measured on.</param>
/// <param name="Otherwise">What happens when it does not.</param>
public sealed record FixVerification(string Expression, TimeSpan Within, int MinRows, Otherwise Otherwise);
