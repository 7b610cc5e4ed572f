using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Server.Elsa;

/// <summary>Puts what Studio changed into what a definition held before: Studio knows only some properties and rewrites those in its own style.</summary>
internal static class DefinitionMerge
{
    private static readonly string[] Names = ["id", "name"];

    /// <summary>The value before where the posted one says the same; else the posted one with what only the value before has.</summary>
    public static JsonNode? Merge(JsonNode? before, JsonNode? posted) => (before, posted) switch
    {
        _ when SaysTheSame(before, posted) => before?.DeepClone(),
        (JsonObject earlier, JsonObject sent) => MergeObject(earlier, sent),
        (JsonArray earlier, JsonArray sent) => new JsonArray([.. sent.Select(item => Merge(Counterpart(earlier, item), item))]),
        _ => posted?.DeepClone(),
    };

    /// <summary>The name of a property as an object has it, whatever its case; as it is given where the object has none.</summary>
    public static string NameIn(JsonObject at, string name) =>
        at.Select(property => property.Key).FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private static JsonObject MergeObject(JsonObject before, JsonObject posted)
    {
        var merged = before.DeepClone().AsObject();
        foreach (var (name, value) in posted)
        {
            var known = NameIn(before, name);
            var result = Merge(before[known], value);
            if (before.ContainsKey(known) || !IsNothing(result))
            {
                merged[known] = result;
            }
        }

        return merged;
    }

    private static JsonObject? Counterpart(JsonArray before, JsonNode? item)
    {
        if (item is not JsonObject sent || Names.FirstOrDefault(name => ActivityTree.Text(sent, name) is not null) is not { } name)
        {
            return null;
        }

        return before.OfType<JsonObject>().FirstOrDefault(known => ActivityTree.Text(known, NameIn(known, name)) == ActivityTree.Text(sent, name));
    }

    private static bool SaysTheSame(JsonNode? before, JsonNode? posted) =>
        (IsNothing(before) && IsNothing(posted)) || JsonNode.DeepEquals(before, posted) || IsTextOf(before, posted);

    /// <summary>Whether the posted text is a number or a truth value that stood there as itself.</summary>
    private static bool IsTextOf(JsonNode? before, JsonNode? posted) =>
        before is JsonValue value && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        && posted is JsonValue sent && sent.TryGetValue<string>(out var text) && string.Equals(text, value.ToJsonString(), StringComparison.OrdinalIgnoreCase);

    private static bool IsNothing(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject at => at.Count == 0,
        JsonValue value => value.GetValueKind() == JsonValueKind.False || (value.TryGetValue<string>(out var text) && text.Length == 0),
        _ => false,
    };
}
