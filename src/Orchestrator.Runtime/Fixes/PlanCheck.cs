using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Whether a plan is what it says: its definition runs, its hash covers that definition, and it is the one that was approved.</summary>
internal static class PlanCheck
{
    /// <summary>Why the plan cannot be proposed; null where it can.</summary>
    public static string? Fault(FixPlan plan)
    {
        var (definition, diagnostics) = WorkflowDefinition.Read("plan", plan.Definition);
        if (definition is not { CanStart: true })
        {
            return $"the definition cannot run: {string.Join("; ", diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error))}";
        }

        return WorkflowProjection.Canonical(definition) == plan.NormalisedDefinition ? null : "the hash of the plan is not of the definition that it carries";
    }

    /// <summary>Whether what is stored is, part by part, what the approval was given for.</summary>
    public static bool IsApproved(Fix fix) =>
        fix.Plan is { } plan && plan.Sealed().Sha256 == fix.ApprovedPlan && Fault(plan) is null;
}
