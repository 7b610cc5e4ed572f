using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>What people make of definitions in Studio: saves, publications, old versions brought back, files brought in.</summary>
internal static class SaveEndpoints
{
    public static void MapSaves(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-definitions", SaveAsync).Needs(Role.Author, About.Shown);
        api.MapPost("/workflow-definitions/import", ImportAsync).Needs(Role.Author);
        api.MapPost("/workflow-definitions/{id}/publish", PublishAsync).Needs(Role.Author, About.Definition);
        api.MapPost("/workflow-definitions/{id}/retract", RetractAsync).Needs(Role.Author, About.Definition);
        api.MapPost("/workflow-definitions/{id}/revert/{version:int}", RevertAsync).Needs(Role.Author, About.Definition);
        api.MapDelete("/workflow-definitions/{id}", DeleteAsync).Needs(Role.Author, About.Definition);
        api.MapGet("/workflow-definitions/{id}/export", Export).Needs(Role.Viewer, About.Definition);
    }

    /// <summary>A problem whose sentence Studio shows on the canvas: it looks for <c>errors</c>.</summary>
    public static ProblemHttpResult Refuse(int status, string sentence, string next, IEnumerable<string>? all = null)
    {
        var problem = Problems.Of(status, sentence, next);
        problem.Extensions["errors"] = new Dictionary<string, string[]> { ["definition"] = [.. all ?? [$"{sentence} {next}"]] };
        return TypedResults.Problem(problem);
    }

    private static async Task<IResult> SaveAsync(JsonObject request, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (request["model"] is not JsonObject model)
        {
            return Refuse(400, "There is no definition in the body.", "Send {\"model\": …, \"publish\": …}.");
        }

        var before = ActivityTree.Text(model, "id") is { Length: > 0 } id ? node.Database.Read(connection => node.Definitions.Library.ById(connection, id)) : null;
        var definition = ActivityTree.Text(model, "definitionId") ?? before?.DefinitionId ?? "";
        if (!node.Database.Read(connection => Both(connection, definition, before).All(subject => user.Actor().May(Role.Author, subject))))
        {
            return Refuse(403, "You may not change this definition.", "Ask an admin for the role author, for its model or for every model.");
        }

        var save = new DefinitionSave(
            definition, before?.Id, DefinitionForm.TakeBack(model, before), request["publish"]?.GetValueKind() == JsonValueKind.True, user.Actor().Name);
        return Answer(await node.SaveDefinitionAsync(save, cancellation), node, user);
    }

    /// <summary>What is named, and what the version that is named belongs to: one may be mistaken for the other.</summary>
    private static IEnumerable<Subject?> Both(DbConnection connection, string definition, DefinitionVersion? before) =>
        [Subjects.OfDefinition(connection, definition), .. before is null ? [] : new[] { Subjects.OfDefinition(connection, before.DefinitionId) }];

    /// <summary>Brings a file in: as a new definition, or as the next version of one that this server made itself.</summary>
    private static async Task<IResult> ImportAsync(JsonObject definition, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var name = DefinitionMerge.NameIn(definition, "definitionId");
        var newest = node.Database.Read(connection => node.Definitions.Library.Newest(connection, ActivityTree.Text(definition, name) ?? ""));
        if (newest is { Origin: not DefinitionOrigin.Own })
        {
            return Refuse(409, $"The definition \"{newest.DefinitionId}\" is kept elsewhere, not by this server.", "Give the file another definitionId, or propose the change of the one that is there.");
        }

        var save = new DefinitionSave(ActivityTree.Text(definition, name) ?? "", newest?.Id, definition.ToJsonString(), Publish: false, user.Actor().Name) { IsImport = true };
        var outcome = await node.SaveDefinitionAsync(save, cancellation);
        return outcome is SaveOutcome.Saved saved ? ElsaJson.Answer(DefinitionForm.Show(saved.Version, mayPublish: true)) : Answer(outcome, node, user);
    }

    private static async Task<IResult> PublishAsync(string id, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        node.Database.Read(connection => node.Definitions.SeenBy(connection, id, user.Actor().Name)) is { } seen
            ? Answer(await node.SaveDefinitionAsync(new DefinitionSave(id, seen.Id, seen.Body, Publish: true, user.Actor().Name), cancellation), node, user)
            : NoDefinition(id);

    private static async Task<IResult> RetractAsync(string id, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await node.Database.WriteAsync(transaction => node.Definitions.Retract(transaction, id, user.Actor().Name), cancellation) is { } newest
            ? ElsaJson.Answer(DefinitionForm.Show(newest, DefinitionEndpoints.MayChange(newest, node, user)))
            : Refuse(409, $"Nothing of \"{id}\" is published by this server.", "Nothing was changed.");

    private static async Task<IResult> RevertAsync(string id, int version, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await node.Database.WriteAsync(transaction => node.Definitions.Revert(transaction, id, version, user.Actor().Name), cancellation) switch
        {
            SaveOutcome.Saved saved => ElsaJson.Answer(DefinitionListEndpoints.Summary(saved.Version, mayPublish: true)),
            { } other => Answer(other, node, user),
            null => Refuse(409, $"Version {version} of \"{id}\" cannot be brought back here.", "Nothing was changed."),
        };

    private static async Task<IResult> DeleteAsync(string id, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await node.Database.WriteAsync(transaction => node.Definitions.Delete(transaction, id, user.Actor().Name), cancellation)
            ? TypedResults.NoContent()
            : Refuse(409, $"\"{id}\" is not one of the designer's own definitions, or somebody else is editing it.", "Nothing was deleted.");

    private static IResult Export(string id, string? versionOptions, Node node, ClaimsPrincipal user)
    {
        var version = node.Database.Read(connection => int.TryParse(versionOptions, out var number)
            ? node.Definitions.Library.Versions(connection, id).FirstOrDefault(known => known.Version == number) ?? node.Definitions.SeenBy(connection, id, user.Actor().Name)
            : node.Definitions.SeenBy(connection, id, user.Actor().Name));
        return version is null ? NoDefinition(id) : TypedResults.Bytes(System.Text.Encoding.UTF8.GetBytes(DefinitionForm.File(version)), "application/json", $"{version.DefinitionId}-v{version.Version}.json");
    }

    private static IResult Answer(SaveOutcome outcome, Node node, ClaimsPrincipal user) => outcome switch
    {
        SaveOutcome.Saved saved => ElsaJson.Answer(new SaveAnswer(DefinitionForm.Show(saved.Version, DefinitionEndpoints.MayChange(saved.Version, node, user)), !saved.Changed)),
        SaveOutcome.Submitted submitted => new ToldResult(ElsaJson.Answer(new SaveAnswer(DefinitionForm.Show(submitted.Version, mayPublish: false), false)), submitted.Told),
        SaveOutcome.Refused refused => Refuse(409, $"It was not saved: {refused.Reason}.", refused.Next),
        SaveOutcome.Invalid invalid => Refuse(422, Sentence(invalid.Problems), "Mend it on the canvas, where it stays, and save it again; what runs here is in the palette.", invalid.Problems.Take(5).Select(problem => $"{problem}.")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Sentence(ImmutableArray<string> problems) => problems.Length == 1 ? $"{problems[0]}." : $"{problems[0]}, and {problems.Length - 1} more.";

    private static ProblemHttpResult NoDefinition(string id) => Problems.NotFound("workflow definition", id, "/elsa/api/workflow-definitions");

    /// <summary>An answer with words for the page around Studio, which Studio itself would not show.</summary>
    private sealed class ToldResult(IResult inner, string told) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers["x-orchestrator-said"] = Uri.EscapeDataString(told);
            return inner.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>What Studio expects once it was saved.</summary>
internal sealed record SaveAnswer(JsonObject WorkflowDefinition, bool AlreadyPublished)
{
    public int ConsumingWorkflowCount { get; }
}
