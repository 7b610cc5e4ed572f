using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Makes a plan of a definition that a person changed on the canvas.</summary>
internal static class PlanEdit
{
    private static readonly string[] Asking = ["Orchestrator.FindSuspects", "Orchestrator.Relabel", "Orchestrator.SelectRows"];

    /// <summary>Whether the definition says anything else than the plan that it was begun from.</summary>
    public static bool IsChange(FixPlan plan, WorkflowDefinition edited) =>
        WorkflowDefinition.Read("plan", ConcreteDefinition.Of(plan)).Definition is not { CanStart: true } before || WorkflowProjection.Canonical(before) != WorkflowProjection.Canonical(edited);

    /// <summary>Why the definition cannot be a plan of the fix; null where it can.</summary>
    public static string? Objection(FixPlan plan, WorkflowDefinition edited)
    {
        if (!edited.CanStart)
        {
            return "the definition cannot run";
        }

        var inputs = WorkflowInputs.Bind(edited, plan.Inputs);
        if (inputs.Problems.FirstOrDefault() is { } problem)
        {
            return problem;
        }

        var most = plan.Limits.LabelBudget;
        var over = edited.Activities.Values.FirstOrDefault(activity => Asking.Contains(activity.Type) && Budget(activity) > most);
        return over is null ? null : $"{over.DisplayName} asks for {Budget(over)} rows, more than the {most} of the rule's label_budget";
    }

    /// <summary>The next plan; what was predicted for the plan before says nothing of it, and inputs that its activities no longer follow are none of its inputs.</summary>
    public static FixPlan Next(FixPlan plan, WorkflowDefinition edited, string by)
    {
        var standing = new StandingInputs(plan, edited);
        var definition = standing.Definition();
        return (plan with
        {
            Definition = definition.Write(),
            NormalisedDefinition = WorkflowProjection.Canonical(definition),
            Inputs = WorkflowInputs.Bind(definition, standing.Values).Values,
            Limits = plan.Limits with { Operations = FixPreparation.Operations(definition) },
            Prediction = new PredictedEffect(null, null, null, $"not computed: {by} changed the plan"),
            Undo = FixPreparation.UndoText(definition),
        }).Sealed();
    }

    private static int? Budget(ActivityNode activity) =>
        activity.Inputs.GetValueOrDefault("Budget") is InputValue.Constant constant && constant.Value.TryGetInt32(out var budget) ? budget : null;
}
