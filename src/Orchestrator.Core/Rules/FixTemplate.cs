using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rules;

/// <summary>The <c>then</c> of a rule: the fix that is proposed when the alert fires, and under which terms.</summary>
/// <param name="Workflow">Name of a definition of the same revision.</param>
/// <param name="Inputs">JSON values; texts in them are templates.</param>
public sealed record FixTemplate(string Workflow, ImmutableSortedDictionary<string, JsonElement> Inputs)
{
    public static readonly ImmutableArray<string> DefaultDedup = ["model", "dataset"];

    public FixApproval Approval { get; init; }

    /// <summary>Whether the actual patch is approved once more when the labels are in.</summary>
    public FixApproval PatchApproval { get; init; } = FixApproval.Auto;

    /// <summary>Groups of which one member has to approve; empty: anyone who may approve.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>How long a proposal stands.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Labels of the alert for which there is at most one open fix.</summary>
    public ImmutableArray<string> Dedup { get; init; } = DefaultDedup;

    /// <summary>The higher goes first where several fixes want one model.</summary>
    public int Priority { get; init; }

    /// <summary>Time from the end of the last fix.</summary>
    public TimeSpan Cooldown { get; init; }

    public FixBounds Limits { get; init; } = new(null, null, null, null);

    /// <summary>Alerts that, while they fire for the same model, hold the fix back.</summary>
    public ImmutableArray<string> InhibitedBy { get; init; } = [];

    /// <summary>Whether the effect is predicted before anybody is asked.</summary>
    public bool Preview { get; init; } = true;

    public Verification? Verify { get; init; }

    /// <summary>The inputs for an alert.</summary>
    public ImmutableSortedDictionary<string, JsonElement> InputsFor(TemplateData data) =>
        Inputs.ToImmutableSortedDictionary(pair => pair.Key, pair => Template.Render(pair.Value, data), StringComparer.Ordinal);

    /// <summary>The key of which at most one fix is open: the labels named by <see cref="Dedup"/>, in that order.</summary>
    public string DedupKey(Series.Labels labels) => string.Join(",", Dedup.Select(name => $"{name}={labels[name]}"));
}

/// <summary>Who agrees to a fix.</summary>
public enum FixApproval
{
    Required,
    Auto,
}

/// <summary>Limits within which a rule may have fixes; absent means none.</summary>
/// <param name="MaxRowsShare">Largest share of a dataset's rows, 0 to 1, that one fix may change.</param>
public sealed record FixBounds(Budget? Fixes, Budget? Labels, double? MaxRowsShare, ActiveHours? ActiveHours);

/// <summary>The predicate that has to hold on rows after the fix.</summary>
/// <param name="Within">Time after the end of the workflow in which it has to hold.</param>
/// <param name="MinRows">Rows that a value has to be measured on.</param>
public sealed record Verification(RuleExpression Expression, TimeSpan Within, int MinRows, WhenNotVerified Otherwise);

/// <summary>What happens when a fix did not help.</summary>
public enum WhenNotVerified
{
    /// <summary>People are told.</summary>
    Escalate,

    /// <summary>What the fix changed is undone.</summary>
    Compensate,
}
