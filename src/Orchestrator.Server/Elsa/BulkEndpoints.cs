using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>What Studio's list does with several definitions at once: each as if it were done alone, and what cannot be done is left out.</summary>
internal static class BulkEndpoints
{
    private const int Most = 100;

    public static void MapBulk(this RouteGroupBuilder api)
    {
        api.MapPost("/bulk-actions/delete/workflow-definitions/by-definition-id", DeleteAsync).Needs(Role.Author);
        api.MapPost("/bulk-actions/publish/workflow-definitions/by-definition-ids", PublishAsync).Needs(Role.Author);
        api.MapPost("/bulk-actions/retract/workflow-definitions/by-definition-ids", RetractAsync).Needs(Role.Author);
        api.MapDelete("/workflow-definition-versions/{id}", (string id) => SaveEndpoints.Refuse(409, $"The version {id} stays.", "A version that exists is never deleted: instances may have run it.")).Needs(Role.Author);
    }

    private static async Task<JsonHttpResult<BulkDeletion>> DeleteAsync(JsonObject body, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var deleted = 0L;
        foreach (var id in Ids(body))
        {
            deleted += await node.Database.WriteAsync(transaction => node.Definitions.Delete(transaction, id, user.Actor().Name), cancellation) ? 1 : 0;
        }

        return ElsaJson.Answer(new BulkDeletion(deleted));
    }

    private static async Task<JsonHttpResult<BulkPublication>> PublishAsync(JsonObject body, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var answer = new BulkPublication([], [], [], []);
        foreach (var id in Ids(body))
        {
            var newest = node.Database.Read(connection => node.Definitions.Library.Newest(connection, id));
            var list = newest is null ? answer.NotFound
                : newest.IsPublished ? answer.AlreadyPublished
                : await node.SaveDefinitionAsync(new DefinitionSave(id, newest.Id, newest.Body, Publish: true, user.Actor().Name), cancellation) is SaveOutcome.Saved ? answer.Published
                : answer.Skipped;
            list.Add(id);
        }

        return ElsaJson.Answer(answer);
    }

    private static async Task<JsonHttpResult<BulkRetraction>> RetractAsync(JsonObject body, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var answer = new BulkRetraction([], [], []);
        foreach (var id in Ids(body))
        {
            var isKnown = node.Database.Read(connection => node.Definitions.Library.Newest(connection, id)) is not null;
            var list = !isKnown ? answer.NotFound
                : await node.Database.WriteAsync(transaction => node.Definitions.Retract(transaction, id, user.Actor().Name), cancellation) is not null ? answer.Retracted
                : answer.AlreadyRetracted;
            list.Add(id);
        }

        return ElsaJson.Answer(answer);
    }

    private static List<string> Ids(JsonObject body) => [.. (body["definitionIds"] as JsonArray ?? []).OfType<JsonValue>().Select(id => id.ToString()).Distinct(StringComparer.Ordinal).Take(Most)];
}

/// <summary>How many definitions were taken off the list.</summary>
internal sealed record BulkDeletion(long Deleted);

/// <summary>What became of each definition that was to be published.</summary>
internal sealed record BulkPublication(List<string> Published, List<string> AlreadyPublished, List<string> NotFound, List<string> Skipped);

/// <summary>What became of each definition that was to be taken back.</summary>
internal sealed record BulkRetraction(List<string> Retracted, List<string> AlreadyRetracted, List<string> NotFound);
