using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Workflows;

/// <summary>The inputs of a workflow, each in the type that the definition names.</summary>
/// <param name="Problems">What is wrong with them, one sentence each; values with problems are left out.</param>
public sealed record WorkflowInputs(ImmutableSortedDictionary<string, JsonElement> Values, ImmutableArray<string> Problems)
{
    /// <summary>Types what was given; a JSON null counts as not given.</summary>
    public static WorkflowInputs Bind(WorkflowDefinition definition, ImmutableSortedDictionary<string, JsonElement> given)
    {
        var values = Workflows.Values.Empty.ToBuilder();
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, value) in given)
        {
            var input = definition.Inputs.FirstOrDefault(input => input.Name == name);
            if (input is null)
            {
                problems.Add(Unknown(definition, name));
            }
            else if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            {
                continue;
            }
            else if (ValueTypes.Convert(input.Type, value) is { } converted)
            {
                values[name] = converted;
            }
            else
            {
                problems.Add($"the workflow input {name} is {value.GetRawText()}, not {ValueTypes.Written(input.Type)}");
            }
        }

        problems.AddRange(definition.Inputs.Where(input => input.Required && !IsGiven(given, input.Name)).Select(input => $"the workflow input {input.Name} is missing"));
        return new WorkflowInputs(values.ToImmutable(), problems.ToImmutable());
    }

    private static bool IsGiven(ImmutableSortedDictionary<string, JsonElement> given, string name) =>
        given.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    private static string Unknown(WorkflowDefinition definition, string name)
    {
        var names = definition.Inputs.Select(input => input.Name).ToList();
        var nearest = Nearest.To(name, names) is { } near ? $"; did you mean {near}?" : "";
        return $"the workflow has no input {name}; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}{nearest}";
    }
}
