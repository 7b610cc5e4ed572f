using System.Text.Json.Nodes;

namespace Orchestrator.Server.Elsa;

/// <summary>The activities of a definition's JSON, whatever they stand in: containers, embedded ports, cases of a switch.</summary>
internal static class ActivityTree
{
    private const string Workflow = "Workflow1";

    /// <summary>Node ids by activity ids: the ids of all that an activity stands in, then its own, joined by colons. Definition, journal and report agree on them.</summary>
    public static Dictionary<string, string> NodeIds(JsonObject root)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        Visit(root, (activity, node) => ids.TryAdd(Text(activity, "id")!, node));
        return ids;
    }

    /// <summary>Calls back for each activity with its node id, the outer ones first.</summary>
    public static void Visit(JsonObject root, Action<JsonObject, string> visit) => Visit(root, Workflow, visit);

    public static string? Text(JsonObject at, string name) => at[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Whether an object is an activity: it has an id and a type that lies in a namespace.</summary>
    public static bool IsActivity(JsonObject at) => Text(at, "id") is not null && Text(at, "type")?.Contains('.', StringComparison.Ordinal) == true;

    private static void Visit(JsonNode? at, string outer, Action<JsonObject, string> visit)
    {
        switch (at)
        {
            case JsonObject activity when IsActivity(activity):
                var node = $"{outer}:{Text(activity, "id")}";
                visit(activity, node);
                Within(activity, node, visit);
                break;
            case JsonObject other:
                Within(other, outer, visit);
                break;
            case JsonArray list:
                list.ToList().ForEach(item => Visit(item, outer, visit));
                break;
        }
    }

    private static void Within(JsonObject at, string outer, Action<JsonObject, string> visit)
    {
        foreach (var (name, value) in at.ToList())
        {
            if (name is not ("customProperties" or "metadata" or "expression" or "memoryReference"))
            {
                Visit(value, outer, visit);
            }
        }
    }
}
