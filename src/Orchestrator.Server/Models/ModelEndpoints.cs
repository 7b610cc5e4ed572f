using System.Data.Common;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Models;

/// <summary>Models, their versions, and which served when.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/models").WithTags("models");
        models.MapGet("/", (Database database, ClaimsPrincipal user) => TypedResults.Ok(database.Read(connection => Lines(connection, user.Actor()))))
            .Needs(Role.Viewer, About.Shown).WithSummary("Models that have a version, each with its champion.");
        models.MapGet("/{name}", Show).Needs(Role.Viewer, About.Model).WithSummary("One model: its versions, newest first, and the moves of its champion, oldest first.");
        models.MapVersions();
        models.MapPost("/{name}/rollback", RollBackAsync).NeedsConfirmation().Needs(Role.Admin, About.Model).WithSummary("Puts the version back that served before the present champion.");
    }

    /// <summary>Under one idempotency key the champion moves back once; without one, every request is a wish of its own.</summary>
    private static async Task<Results<Ok<ModelShown>, ProblemHttpResult>> RollBackAsync(
        string name, RollbackWish wish, [FromHeader(Name = "Idempotency-Key")] string? key, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(wish.Reason))
        {
            return Problems.Refuse(422, "A rollback by hand needs a reason.", "Send the reason; it stands in the history of the model.");
        }

        var change = new ChampionChange(
            $"hand:{key ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", name, user.Actor().Name, wish.Reason, node.Clocks.Now);
        return await node.Champions.RollBackAsync(change, cancellation) is ChampionOutcome.Refused refused
            ? Problems.Refuse(409, $"The champion stays as it is: {refused.Reason}.", $"See /api/models/{name} for its history.")
            : TypedResults.Ok(node.Database.Read(connection => Shown(connection, name)));
    }

    private static ModelShown Shown(DbConnection connection, string name) =>
        new(name, ChampionStore.Champion(connection, name), ModelStore.List(connection, name), ChampionStore.History(connection, name), DeploymentStore.List(connection, name));

    private static List<ModelLine> Lines(DbConnection connection, Actor actor) => [.. ModelStore.Models(connection).Where(actor.Sees).Select(name =>
    {
        var versions = ModelStore.List(connection, name);
        var champion = ChampionStore.Champion(connection, name);
        return new ModelLine(name, versions.FirstOrDefault(version => version.Id == champion), versions.Count, ChampionStore.History(connection, name) is [.., var last] ? last.At : null);
    })];

    private static Results<Ok<ModelShown>, ProblemHttpResult> Show(string name, Database database)
    {
        var shown = database.Read(connection => Shown(connection, name));
        return shown.Versions.Count > 0 ? TypedResults.Ok(shown) : Problems.NotFound("model with a version", name, "/api/models");
    }
}

/// <summary>A model as one line of a list.</summary>
/// <param name="Champion">Absent where no version serves.</param>
/// <param name="Versions">How many there are.</param>
/// <param name="Since">When the champion came into place.</param>
public sealed record ModelLine(string Model, ModelVersion? Champion, int Versions, DateTimeOffset? Since);

/// <summary>A model with its versions and the history of its champion.</summary>
/// <param name="Deployments">What serving was told and whether it followed, newest first; empty where the model states no hook.</param>
public sealed record ModelShown(
    string Model, string? Champion, IReadOnlyList<ModelVersion> Versions, IReadOnlyList<ChampionMove> History, IReadOnlyList<Deployment> Deployments);

/// <summary>The wish to put the previous version back.</summary>
public sealed record RollbackWish(string Reason);
