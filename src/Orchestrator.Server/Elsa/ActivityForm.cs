using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Server.Elsa;

/// <summary>Activities as Studio can draw them, and back: what it would stumble over is put into its words, what it cannot know is put aside and restored.</summary>
internal static class ActivityForm
{
    private const string OriginalType = "missingTypeName";
    private const string OriginalVersion = "missingTypeVersion";
    private const string OriginalText = "originalActivityJson";

    /// <summary>An activity tree for Studio; what is given stays as it is.</summary>
    public static JsonObject Show(JsonObject root)
    {
        var shown = root.DeepClone().AsObject();
        var place = 0;
        ActivityTree.Visit(shown, (activity, node) =>
        {
            if (!IsKnown(activity))
            {
                Replace(activity, StandIn(activity));
            }

            activity["nodeId"] = node;
            activity["version"] ??= 1;
            Complete(activity, place++);
        });
        return shown;
    }

    /// <summary>What Studio sent, with everything that it left alone as the definition had it before.</summary>
    public static JsonObject TakeBack(JsonObject posted, JsonObject? before)
    {
        var taken = posted.DeepClone().AsObject();
        var (raw, shown) = before is null ? ([], []) : (ById(before), ById(Show(before)));
        ActivityTree.Visit(taken, (activity, _) =>
        {
            var id = ActivityTree.Text(activity, "id")!;
            var (earlier, seen) = (raw.GetValueOrDefault(id), shown.GetValueOrDefault(id));
            if (ActivityTree.Text(activity, "type") == ActivityDescriptors.NotFound)
            {
                Restore(activity, seen, earlier);
            }
            else if (earlier is not null && ActivityTree.Text(earlier, "type") == ActivityTree.Text(activity, "type"))
            {
                LeaveUntouched(activity, seen!, earlier);
            }

            Put(activity, "nodeId", earlier?["nodeId"]);
        });
        return taken;
    }

    private static Dictionary<string, JsonObject> ById(JsonObject root)
    {
        var known = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        ActivityTree.Visit(root, (activity, _) => known.TryAdd(ActivityTree.Text(activity, "id")!, activity));
        return known;
    }

    /// <summary>Properties that came back as they were shown are again what they were before they were shown.</summary>
    private static void LeaveUntouched(JsonObject activity, JsonObject seen, JsonObject earlier)
    {
        foreach (var (name, value) in activity.ToList().Where(property => JsonNode.DeepEquals(property.Value, seen[property.Key])))
        {
            if (earlier.ContainsKey(name))
            {
                activity[name] = earlier[name]?.DeepClone();
            }
            else if (value is not null)
            {
                activity.Remove(name);
            }
        }
    }

    private static bool IsKnown(JsonObject activity) =>
        ActivityTree.Text(activity, "type") is { } type
        && (type == ActivityDescriptors.NotFound || (ActivityCatalog.Find(type) is { } descriptor && descriptor.Version == VersionOf(activity)));

    private static int VersionOf(JsonObject activity) => activity["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1;

    private static JsonObject StandIn(JsonObject activity) => new()
    {
        ["id"] = ActivityTree.Text(activity, "id"),
        ["name"] = ActivityTree.Text(activity, "name") ?? "NotFoundActivity1",
        ["type"] = ActivityDescriptors.NotFound,
        ["version"] = 1,
        ["customProperties"] = new JsonObject(),
        ["metadata"] = activity["metadata"]?.DeepClone(),
        [OriginalType] = ActivityTree.Text(activity, "type"),
        [OriginalVersion] = VersionOf(activity),
        [OriginalText] = activity.ToJsonString(),
    };

    /// <summary>The activity behind a stand-in, at the place and under the id that the stand-in has now.</summary>
    private static void Restore(JsonObject standIn, JsonObject? seen, JsonObject? earlier)
    {
        if (ActivityTree.Text(standIn, OriginalText) is not { } text || Parse(text) is not { } original)
        {
            return;
        }

        var (id, metadata) = (standIn["id"]?.DeepClone(), standIn["metadata"]?.DeepClone());
        var isMoved = seen is null || !JsonNode.DeepEquals(metadata, seen["metadata"]);
        Replace(standIn, earlier ?? original);
        standIn["id"] = id;
        if (isMoved)
        {
            standIn["metadata"] = metadata;
        }
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Complete(JsonObject activity, int place)
    {
        activity["metadata"] ??= new JsonObject();
        if (activity["metadata"] is JsonObject metadata && metadata["designer"] is not JsonObject)
        {
            // Without a place Studio would pile them up: five in a row.
            metadata["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 60 + (place % 5 * 260), ["y"] = 60 + (place / 5 * 160) }, ["size"] = new JsonObject { ["width"] = 0, ["height"] = 0 } };
        }

        activity["customProperties"] ??= new JsonObject();
        if (ActivityCatalog.Find(ActivityTree.Text(activity, "type")!)?.Role == ActivityRole.Container)
        {
            activity["activities"] ??= new JsonArray();
            activity["variables"] ??= new JsonArray();
        }

        if (ActivityTree.Text(activity, "type") == ElsaActivities.Flowchart)
        {
            activity["connections"] = new JsonArray([.. (activity["connections"] as JsonArray ?? []).Select(Connection)]);
        }

        foreach (var (_, value) in activity.ToList())
        {
            if (value is JsonObject { } input && input["expression"] is JsonObject expression && ActivityTree.Text(expression, "type") == "Json")
            {
                expression["type"] = "Object";
            }
        }
    }

    /// <summary>A connection with its ends as objects; Elsa 3.0 wrote them flat.</summary>
    private static JsonNode? Connection(JsonNode? connection)
    {
        if (connection is not JsonObject { } flat || flat["source"] is JsonObject)
        {
            return connection?.DeepClone();
        }

        return new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = flat["source"]?.DeepClone(), ["port"] = flat["sourcePort"]?.DeepClone() },
            ["target"] = new JsonObject { ["activity"] = flat["target"]?.DeepClone(), ["port"] = flat["targetPort"]?.DeepClone() },
            ["vertices"] = new JsonArray(),
        };
    }

    private static void Replace(JsonObject activity, JsonObject by)
    {
        activity.Clear();
        foreach (var (name, value) in by)
        {
            activity[name] = value?.DeepClone();
        }
    }

    private static void Put(JsonObject activity, string name, JsonNode? value)
    {
        if (value is null)
        {
            activity.Remove(name);
        }
        else
        {
            activity[name] = value.DeepClone();
        }
    }
}
