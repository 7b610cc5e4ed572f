using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Server.Elsa;

/// <summary>What Studio's list of instances asks for, in the words of the store.</summary>
internal static class InstanceQuery
{
    private const int MostOnPage = 100;

    private static readonly Dictionary<string, string[]> Statuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Running"] = ["pending", "running", "compensating"],
        ["Finished"] = ["finished", "faulted", "cancelled", "compensated", "compensation_failed"],
    };

    /// <summary>Whether a running instance executes or waits is known only from its state, so both words find it.</summary>
    private static readonly Dictionary<string, string[]> SubStatuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Pending"] = ["pending"],
        ["Executing"] = ["running", "compensating"],
        ["Suspended"] = ["running"],
        ["Finished"] = ["finished"],
        ["Cancelled"] = ["cancelled", "compensated"],
        ["Faulted"] = ["faulted", "compensation_failed"],
    };

    private static readonly string[] Order = ["Running", "Finished"];
    private static readonly string[] SubOrder = ["Pending", "Executing", "Suspended", "Finished", "Cancelled", "Faulted"];

    public static InstanceFilter Of(JsonObject body)
    {
        var size = Math.Clamp(Number(body["pageSize"]) ?? MostOnPage, 1, MostOnPage);
        return new InstanceFilter(Math.Max(0, Number(body["page"]) ?? 0) * size, size)
        {
            Search = Text(body["searchTerm"]) ?? "",
            Definitions = [.. Texts(body["definitionIds"]), .. Texts(body["definitionId"])],
            Statuses = Words(body, ("statuses", "status"), Statuses, Order).Intersect(Words(body, ("subStatuses", "subStatus"), SubStatuses, SubOrder)).Intersect(Incidents(body["hasIncidents"])).ToList(),
            ByChange = Text(body["orderBy"]) == "UpdatedAt",
            IsAscending = Text(body["orderDirection"]) == "Ascending",
        };
    }

    private static IEnumerable<string> All => Statuses.Values.SelectMany(words => words);

    private static IEnumerable<string> Incidents(JsonNode? asked) => asked?.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True => SubStatuses["Faulted"],
        System.Text.Json.JsonValueKind.False => All.Except(SubStatuses["Faulted"]),
        _ => All,
    };

    private static IEnumerable<string> Words(JsonObject body, (string Many, string One) names, Dictionary<string, string[]> known, string[] numbers)
    {
        var asked = Texts(body[names.Many]).Concat(Texts(body[names.One])).Select(word => int.TryParse(word, out var number) && number >= 0 && number < numbers.Length ? numbers[number] : word).ToList();
        return asked.Count == 0 ? All : asked.SelectMany(word => known.GetValueOrDefault(word, []));
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Texts),
        JsonValue value => [value.ToString()],
        _ => [],
    };

    private static string? Text(JsonNode? node) => node is JsonValue value ? value.ToString() : null;

    private static int? Number(JsonNode? node) => int.TryParse(Text(node), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
