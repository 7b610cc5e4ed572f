using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Fixes;

/// <summary>The definition of a plan with the plan's inputs written where the definition asks for them, so that people see and change values in place of names.</summary>
internal static class ConcreteDefinition
{
    public static string Of(FixPlan plan)
    {
        var definition = JsonNode.Parse(plan.Definition)!;
        Fill(definition, plan);
        return definition.ToJsonString();
    }

    private static void Fill(JsonNode? at, FixPlan plan)
    {
        switch (at)
        {
            case JsonObject { } input when Asked(input) is { } name && plan.Inputs.TryGetValue(name, out var value):
                input["expression"] = Expression(value, input["typeName"]?.ToString());
                break;
            case JsonObject other:
                other.ToList().ForEach(property => Fill(property.Value, plan));
                break;
            case JsonArray list:
                list.ToList().ForEach(item => Fill(item, plan));
                break;
        }
    }

    /// <summary>The workflow input that an activity's input takes its value from; null where it takes none.</summary>
    private static string? Asked(JsonObject input) =>
        input["expression"] is JsonObject expression && expression["type"]?.ToString() == "Input" && expression["value"] is JsonObject argument ? argument["name"]?.ToString() : null;

    /// <summary>As the designer writes it: a literal is a text, everything that has no type of its own is the JSON text of it.</summary>
    private static JsonObject Expression(JsonElement value, string? type)
    {
        var isLiteral = value.ValueKind == JsonValueKind.String || (value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object) && type is not (null or ValueTypes.Any));
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        return new JsonObject { ["type"] = isLiteral ? "Literal" : "Object", ["value"] = text };
    }
}
