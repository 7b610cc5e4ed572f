using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Workflows;

/// <summary>Workflow definitions in force, and instances with their journals.</summary>
internal static class WorkflowEndpoints
{
    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        var workflows = routes.MapGroup("/api/workflows").WithTags("workflows");
        workflows.MapGet("/", (Node node) => TypedResults.Ok(Definitions(node).Select(DefinitionLine.Of).ToList()))
            .Needs(Role.Viewer, About.Shown).WithSummary("Workflow definitions of the revision in force.");
        workflows.MapGet("/{name}", Definition).Needs(Role.Viewer, About.Named).WithSummary("One definition, as its file says (Elsa 3 JSON).");
        workflows.MapGet("/instances", Instances).Needs(Role.Viewer, About.Shown).WithSummary("Workflow instances, newest first" + Pages.Said);
        workflows.MapGet("/instances/{id}", Instance).Needs(Role.Viewer, About.Instance).WithSummary("One instance: its state and its journal, oldest first.");
    }

    private static IEnumerable<WorkflowDefinition> Definitions(Node node) => node.Revisions.Current?.Rules.Workflows.Values ?? [];

    private static Results<Ok<JsonElement>, ProblemHttpResult> Definition(string name, Node node) =>
        node.Revisions.Current?.Workflow(name) is { } definition
            ? TypedResults.Ok(definition.Json)
            : Problems.NotFound("workflow in force", name, "/api/workflows");

    private static Ok<List<InstanceLine>> Instances(Database database, ClaimsPrincipal user, HttpResponse response, int? limit, string? after) =>
        TypedResults.Ok(database.Read(connection => WorkflowStore.Page(connection, Pages.Wish(limit, after, user))).Give(response).Select(InstanceLine.Of).ToList());

    private static Results<Ok<InstanceShown>, ProblemHttpResult> Instance(string id, Database database) =>
        database.Read(connection => WorkflowStore.Find(connection, id) is { } instance
            ? new InstanceShown(
                InstanceLine.Of(instance),
                JsonElement.Parse(WorkflowJson.Write(instance.State)),
                [.. WorkflowStore.Events(connection, id).Select(happened => JsonElement.Parse(WorkflowJson.Write(happened)))])
            : null) is { } shown
            ? TypedResults.Ok(shown)
            : Problems.NotFound("workflow instance", id, "/api/workflows/instances");
}

/// <summary>A workflow definition as one line of a list.</summary>
/// <param name="Inputs">Names of its inputs.</param>
public sealed record DefinitionLine(string Name, string Title, string Description, int Version, ImmutableArray<string> Inputs)
{
    internal static DefinitionLine Of(WorkflowDefinition definition) =>
        new(definition.DefinitionId, definition.Name, definition.Description, definition.Version, [.. definition.Inputs.Select(input => input.Name)]);
}

/// <summary>A workflow instance as one line of a list.</summary>
public sealed record InstanceLine(string Id, string Workflow, string Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static InstanceLine Of(StoredInstance instance) =>
        new(instance.Id, instance.DefinitionId, instance.Status, instance.CreatedAt, instance.UpdatedAt);
}

/// <summary>A workflow instance with its state and journal, both as they are stored.</summary>
public sealed record InstanceShown(InstanceLine Instance, JsonElement State, IReadOnlyList<JsonElement> Journal);
