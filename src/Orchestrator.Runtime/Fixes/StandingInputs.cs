using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Which inputs of a plan an edited definition still follows: those that every activity takes as the plan gives them are asked for by name again, the others are left to the activities.</summary>
internal sealed class StandingInputs
{
    private readonly FixPlan _plan;
    private readonly WorkflowDefinition _edited;
    private readonly ImmutableHashSet<string> _left;
    private readonly ILookup<string, (string Input, string Asked)> _places;

    public StandingInputs(FixPlan plan, WorkflowDefinition edited)
    {
        (_plan, _edited) = (plan, edited);
        var before = WorkflowDefinition.Read("plan", plan.Definition).Definition!;
        var shown = WorkflowDefinition.Read("plan", ConcreteDefinition.Of(plan)).Definition!;
        var asking = before.Activities.Values.SelectMany(activity => activity.Inputs.Where(input => input.Value is InputValue.WorkflowInput).Select(
            input => (activity.Id, Input: input.Key, Asked: ((InputValue.WorkflowInput)input.Value).Name))).ToList();
        _places = asking.ToLookup(place => place.Id, place => (place.Input, place.Asked), StringComparer.Ordinal);
        _left = [.. asking.Where(place => edited.Activities.ContainsKey(place.Id) && !Same(Value(shown, place.Id, place.Input), Value(edited, place.Id, place.Input))).Select(place => place.Asked)];
    }

    /// <summary>The values that the whole definition follows.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values => _plan.Inputs.RemoveRange(_left);

    /// <summary>The edited definition, which asks for them.</summary>
    public WorkflowDefinition Definition()
    {
        var json = JsonNode.Parse(_edited.Write())!;
        Ask(json);
        return WorkflowDefinition.Read(_edited.Path, json.ToJsonString()).Definition!;
    }

    private void Ask(JsonNode? at)
    {
        switch (at)
        {
            case JsonObject activity:
                activity.ToList().ForEach(property => Ask(property.Value));
                Restore(activity);
                break;
            case JsonArray list:
                list.ToList().ForEach(Ask);
                break;
        }
    }

    private void Restore(JsonObject activity)
    {
        foreach (var (input, asked) in _places[activity["id"] is JsonValue id ? id.ToString() : ""].Where(place => !_left.Contains(place.Asked) && _plan.Inputs.ContainsKey(place.Asked)))
        {
            if (activity.FirstOrDefault(property => string.Equals(property.Key, input, StringComparison.OrdinalIgnoreCase)).Value is JsonObject written)
            {
                written["expression"] = new JsonObject { ["type"] = "Input", ["value"] = new JsonObject { ["name"] = asked } };
            }
        }
    }

    private static InputValue? Value(WorkflowDefinition definition, string activity, string input) => definition.Activities[activity].Inputs.GetValueOrDefault(input);

    private static bool Same(InputValue? one, InputValue? other) =>
        one is InputValue.Constant left && other is InputValue.Constant right ? JsonElement.DeepEquals(left.Value, right.Value) : Equals(one, other);
}
