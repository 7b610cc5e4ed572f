using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Server.Elsa;

/// <summary>Definitions as Studio wants them, and back.</summary>
internal static class DefinitionForm
{
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];
    private static readonly string[] Maps = ["customProperties", "options"];

    /// <summary>What the server says of a version, whatever its JSON says of itself.</summary>
    private static readonly string[] Told = ["$schema", "id", "definitionId", "version", "createdAt", "isLatest", "isPublished", "isReadonly", "isSystem", "links", "materializerName", "toolVersion"];

    /// <summary>A version for Studio: nothing null that it would stumble over, activities that it can draw, and a link for each thing that the caller may do.</summary>
    public static JsonObject Show(DefinitionVersion version, bool mayPublish)
    {
        var shown = new JsonObject();
        foreach (var (name, value) in Parse(version.Body))
        {
            shown[JsonNamingPolicy.CamelCase.ConvertName(name)] = value?.DeepClone();
        }

        foreach (var name in Lists)
        {
            shown[name] = shown[name] is JsonArray list ? list.DeepClone() : new JsonArray();
        }

        foreach (var name in Maps)
        {
            shown[name] = shown[name] is JsonObject map ? map.DeepClone() : new JsonObject();
        }

        foreach (var variable in shown["variables"]!.AsArray().OfType<JsonObject>().Where(variable => variable["value"] is { } value && value.GetValueKind() != JsonValueKind.String))
        {
            variable["value"] = variable["value"]!.ToJsonString();
        }

        Tell(shown, version, mayPublish);
        shown["root"] = ActivityForm.Show(shown["root"] as JsonObject ?? EmptyRoot());
        return shown;
    }

    /// <summary>The text to keep of what Studio sent: the version before with everything that was changed.</summary>
    /// <param name="before">The version that Studio was given; null for a new definition.</param>
    public static string TakeBack(JsonObject posted, DefinitionVersion? before)
    {
        var kept = before is null ? new JsonObject() : Parse(before.Body);
        var seen = before is null ? null : Show(before, mayPublish: false);
        foreach (var (name, value) in posted.Where(property => !Told.Contains(property.Key) && property.Key != "root"))
        {
            var known = DefinitionMerge.NameIn(kept, name);
            if (seen is null ? value is not null : !JsonNode.DeepEquals(seen[name], value))
            {
                kept[known] = DefinitionMerge.Merge(kept[known], value);
            }
        }

        var root = DefinitionMerge.NameIn(kept, "root");
        kept[root] = ActivityForm.TakeBack(posted["root"] as JsonObject ?? EmptyRoot(), kept[root] as JsonObject);
        return kept.ToJsonString();
    }

    /// <summary>A version as a file that Elsa and this server read.</summary>
    public static string File(DefinitionVersion version) => WorkflowDefinition.Read(version.Id, version.Body).Definition?.Write() ?? version.Body;

    public static JsonObject Parse(string body) => JsonNode.Parse(body)!.AsObject();

    private static void Tell(JsonObject shown, DefinitionVersion version, bool mayPublish)
    {
        shown["id"] = version.Id;
        shown["definitionId"] = version.DefinitionId;
        shown["name"] = version.Name;
        shown["version"] = version.Version;
        shown["createdAt"] = version.CreatedAt;
        shown["toolVersion"] = $"{StudioFiles.Version}.0";
        shown["isLatest"] = version.IsLatest;
        shown["isPublished"] = version.IsPublished;
        shown["isReadonly"] = !mayPublish;
        shown["isSystem"] = version.IsScratch;
        shown["materializerName"] = "Json";
        shown["links"] = new JsonArray([.. DefinitionLinks.Of(version.DefinitionId, mayPublish).Select(link => (JsonNode)new JsonObject { ["href"] = link.Href, ["rel"] = link.Rel, ["method"] = link.Method })]);
    }

    private static JsonObject EmptyRoot() => new() { ["id"] = "root", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1", ["activities"] = new JsonArray(), ["connections"] = new JsonArray() };
}
