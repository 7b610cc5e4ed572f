using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Models;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Models;

/// <summary>What people do with versions by hand: hand over files, register, ask the gate, promote.</summary>
internal static class VersionEndpoints
{
    /// <summary>What a file may hold: 8 GiB.</summary>
    private const long LargestFile = 8L << 30;

    public static void MapVersions(this RouteGroupBuilder models)
    {
        models.MapPost("/{name}/files", KeepAsync).WithMetadata(new RequestSizeLimitAttribute(LargestFile))
            .Needs(Role.Author, About.Model).WithSummary("Keeps a file, sent as the body, such as an artifact or its predictions; answers its digest.");
        models.MapPost("/{name}/versions", RegisterAsync).Needs(Role.Author, About.Model).WithSummary("Registers a version that was trained elsewhere, from files that are kept.");
        models.MapPost("/{name}/gate", AskGateAsync).Needs(Role.Author, About.Model).WithSummary("Compares a version with the champion and asks the gate, as a workflow does.");
        models.MapPost("/{name}/promote", PromoteAsync).NeedsConfirmation().Needs(Role.Admin, About.Model).WithSummary("Lets a version serve; one that did not pass the gate only where the gate is overridden.");
    }

    private static async Task<Results<Ok<KeptFile>, ProblemHttpResult>> KeepAsync(string name, Stream body, Node node, CancellationToken cancellation) =>
        node.Authored.Model(name) is null
            ? Problems.NotFound("model file of", name, "/api/revisions")
            : TypedResults.Ok(new KeptFile(await node.Artifacts.PutAsync(body, cancellation)));

    private static async Task<Results<Ok<ModelVersion>, ProblemHttpResult>> RegisterAsync(
        string name, RegistrationWish wish, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var registration = new Registration(name, wish.Artifact, wish.Predictions, wish.Metrics, wish.Dataset, wish.DatasetVersion);
        try
        {
            return TypedResults.Ok(await node.Registry.RegisterAsync(registration, user.Actor().Name, node.Clocks.Now, cancellation));
        }
        catch (DatasetException error)
        {
            return Problems.Refuse(422, $"The version was not registered: {error.Message}.", $"Send the files to /api/models/{name}/files first.");
        }
    }

    private static async Task<Results<Ok<GateAnswer>, ProblemHttpResult>> AskGateAsync(string name, GateWish wish, Node node, CancellationToken cancellation)
    {
        try
        {
            return TypedResults.Ok(await node.AskGateAsync(name, wish.Version, cancellation));
        }
        catch (DatasetException error)
        {
            return Problems.Refuse(422, $"The gate cannot be asked: {error.Message}.", $"See /api/models/{name} for its versions.");
        }
    }

    /// <summary>Under one idempotency key the champion moves once; without one, every request is a wish of its own.</summary>
    private static async Task<Results<Ok<ModelMoved>, ProblemHttpResult>> PromoteAsync(
        string name, PromotionWish wish, [FromHeader(Name = "Idempotency-Key")] string? key, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(wish.Reason))
        {
            return Problems.Refuse(422, "A promotion by hand needs a reason.", "Send the reason; it stands in the history of the model.");
        }

        var change = new ChampionChange(
            $"hand:{key ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", name, user.Actor().Name, wish.Reason, node.Clocks.Now);
        return await node.Registry.PromoteAsync(change, wish.Version, wish.OverrideGate, cancellation) switch
        {
            ChampionOutcome.Moved moved => TypedResults.Ok(new ModelMoved(name, moved.From, moved.To)),
            ChampionOutcome.Refused refused => Problems.Refuse(
                409, $"The champion stays as it is: {refused.Reason}.", $"Ask the gate at /api/models/{name}/gate, or send override_gate with a reason that stands in the audit."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}

/// <summary>A file that is kept.</summary>
/// <param name="Digest">SHA-256 of its content, by which it is named.</param>
public sealed record KeptFile(string Digest);

/// <summary>The wish to register a version.</summary>
/// <param name="Artifact">Digest of the kept artifact.</param>
/// <param name="Predictions">Digest of the kept predictions; absent where a command scores.</param>
public sealed record RegistrationWish(
    string Artifact, string? Predictions = null, ImmutableSortedDictionary<string, double>? Metrics = null, string? Dataset = null, string? DatasetVersion = null);

/// <summary>The wish to have a version compared and judged.</summary>
public sealed record GateWish(string Version);

/// <summary>The wish to let a version serve.</summary>
/// <param name="OverrideGate">Although the gate did not let it pass.</param>
public sealed record PromotionWish(string Version, string Reason, bool OverrideGate = false);

/// <summary>A champion that changed; from and to are the same where it served already.</summary>
public sealed record ModelMoved(string Model, string? From, string? To);
