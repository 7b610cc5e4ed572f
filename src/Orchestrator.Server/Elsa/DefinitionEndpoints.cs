using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>Definitions one by one, as Studio opens them.</summary>
internal static class DefinitionEndpoints
{
    public static void MapDefinitions(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions/by-definition-id/{id}", ByDefinition).Needs(Role.Viewer, About.Definition);
        api.MapGet("/workflow-definitions/by-id/{id}", ById).Needs(Role.Viewer, About.Definition);
    }

    private static Results<JsonHttpResult<JsonObject>, ProblemHttpResult> ByDefinition(string id, string? versionOptions, Node node, ClaimsPrincipal user)
    {
        var desk = node.Definitions;
        var version = node.Database.Read(connection => versionOptions switch
        {
            "Published" => desk.Library.Published(connection, id),
            _ when int.TryParse(versionOptions, out var number) => desk.Library.Versions(connection, id).FirstOrDefault(version => version.Version == number),
            _ => desk.SeenBy(connection, id, user.Actor().Name),
        });
        return Answer(version, id, node, user);
    }

    private static Results<JsonHttpResult<JsonObject>, ProblemHttpResult> ById(string id, Node node, ClaimsPrincipal user) =>
        Answer(node.Database.Read(connection => node.Definitions.Library.ById(connection, id)), id, node, user);

    private static Results<JsonHttpResult<JsonObject>, ProblemHttpResult> Answer(DefinitionVersion? version, string id, Node node, ClaimsPrincipal user) => version is null
        ? Problems.NotFound("workflow definition", id, "/elsa/api/workflow-definitions")
        : ElsaJson.Answer(DefinitionForm.Show(version, MayChange(version, node, user)));

    /// <summary>Whether what the caller saves of it would be kept.</summary>
    public static bool MayChange(DefinitionVersion version, Node node, ClaimsPrincipal user) =>
        node.Database.Read(connection => user.Actor().May(Role.Author, Subjects.OfDefinition(connection, version.DefinitionId)) && node.Definitions.MayChange(connection, version, user.Actor().Name));
}
