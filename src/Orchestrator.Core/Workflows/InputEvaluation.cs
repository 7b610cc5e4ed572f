using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>The inputs of one execution, each in its descriptor's type.</summary>
/// <param name="Problem">The first thing that is wrong with them; null where nothing is.</param>
internal sealed record InputEvaluation(ImmutableSortedDictionary<string, JsonElement> Values, string? Problem)
{
    public static InputEvaluation Of(Decision decision, ActivityNode node, int parent)
    {
        var values = Workflows.Values.Empty.ToBuilder();
        string? problem = null;
        foreach (var input in node.Descriptor!.Inputs.Where(input => input.Type != ValueTypes.Variable))
        {
            var raw = Raw(decision, node.Inputs.GetValueOrDefault(input.Name), parent);
            var given = raw is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? input.Default : raw;
            if (given is null)
            {
                problem ??= input.Required ? $"the input {input.Name} has no value" : null;
            }
            else if (ValueTypes.Convert(input.Type, given.Value) is { } converted)
            {
                values[input.Name] = converted;
            }
            else
            {
                problem ??= $"the input {input.Name} is {given.Value.GetRawText()}, not {ValueTypes.Written(input.Type)}";
            }
        }

        return new InputEvaluation(values.ToImmutable(), problem);
    }

    private static JsonElement? Raw(Decision decision, InputValue? value, int parent) => value switch
    {
        null => null,
        InputValue.Constant constant => constant.Value,
        InputValue.WorkflowInput input => decision.State.Inputs.TryGetValue(input.Name, out var given) ? given : null,
        InputValue.Variable variable => Assignments.Owner(decision.State, parent, variable.Id)?.Variables[variable.Id],
        _ => throw new UnreachableException(),
    };
}

/// <summary>What an execution writes into variables.</summary>
internal static class Assignments
{
    public static ImmutableArray<Assignment> Of(Decision decision, Execution execution, ImmutableSortedDictionary<string, JsonElement> outputs)
    {
        var node = decision.Definition.Activities[execution.ActivityId];
        var assigned = ImmutableArray.CreateBuilder<Assignment>();
        foreach (var (output, variable) in node.Outputs)
        {
            if (outputs.TryGetValue(output, out var value))
            {
                Add(decision, execution, assigned, (variable, value));
            }
        }

        if (node.Inputs.GetValueOrDefault("Variable") is InputValue.Variable target)
        {
            Add(decision, execution, assigned, (target.Id, execution.Inputs.GetValueOrDefault("Value", Values.Element<object?>(null))));
        }

        return assigned.ToImmutable();
    }

    /// <summary>The innermost running container that has the variable.</summary>
    public static Execution? Owner(InstanceState state, int container, string variableId)
    {
        while (state.Live.TryGetValue(container, out var execution))
        {
            if (execution.Variables.ContainsKey(variableId))
            {
                return execution;
            }

            container = execution.Parent;
        }

        return null;
    }

    /// <summary>A value that is none of the variable's type is kept as it is: the activity that reads it says what it needs.</summary>
    private static void Add(Decision decision, Execution execution, ImmutableArray<Assignment>.Builder assigned, (string Variable, JsonElement Value) given)
    {
        if (Owner(decision.State, execution.Parent, given.Variable) is { } owner)
        {
            var type = decision.Definition.AllVariables.GetValueOrDefault(given.Variable)?.Type ?? ValueTypes.Any;
            assigned.Add(new Assignment(owner.Number, given.Variable, ValueTypes.Convert(type, given.Value) ?? given.Value));
        }
    }
}
