using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;
using Orchestrator.Server.Findings;

namespace Orchestrator.Server.Fixes;

/// <summary>What people take away to repair by themselves, and what they hand in when they have.</summary>
internal static class HandoverEndpoints
{
    /// <summary>What a file may hold: 8 GiB.</summary>
    private const long LargestFile = 8L << 30;

    private const string Parquet = "application/vnd.apache.parquet";

    public static void MapHandover(this RouteGroupBuilder fixes)
    {
        fixes.MapGet("/{id}/export", ExportAsync).Needs(Role.Viewer, About.Fix).WithSummary("What a person needs to repair by himself: the plan, the rows that it names, and the patch where it is known.");
        fixes.MapGet("/{id}/export/dataset", ExportDataset).Needs(Role.Viewer, About.Fix).WithSummary("The dataset version that the plan was made from, as Parquet.");
        fixes.MapPost("/{id}/applied/dataset", ApplyDatasetAsync).WithMetadata(new RequestSizeLimitAttribute(LargestFile))
            .Needs(Role.Author, About.Fix).WithSummary($"Takes the repaired rows of the whole dataset as the next plan of the fix; the body is {FileFormat.PushedTypes}.");
        fixes.MapPost("/{id}/applied/model", ApplyModelAsync).Needs(Role.Author, About.Fix).WithSummary("Takes a registered version as the next plan of the fix.");
    }

    private static async Task<Results<Ok<FixExport>, ProblemHttpResult>> ExportAsync(string id, Node node, CancellationToken cancellation) =>
        Find(node, id) switch
        {
            null => NoFix(id),
            { Plan: { } plan } fix => TypedResults.Ok(await node.Exporting.ReadAsync(fix, plan, cancellation)),
            _ => NoPlan(id),
        };

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> ExportDataset(string id, Node node) =>
        Find(node, id) switch
        {
            null => NoFix(id),
            { Plan: { } plan } => node.Exporting.VersionOf(plan) is { } version
                ? TypedResults.PhysicalFile(node.Versions.FileOf(version), Parquet)
                : Problems.Refuse(409, $"The plan of the fix {id} was made from no dataset.", $"See /api/fixes/{id}/export for what it is about."),
            _ => NoPlan(id),
        };

    /// <param name="file">The file's name, for what is said of it.</param>
    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> ApplyDatasetAsync(
        string id, string? file, HttpRequest request, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (Find(node, id) is null)
        {
            return NoFix(id);
        }

        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var media) ? media.MediaType.Value : null;
        if (FileFormat.ExtensionOf(type) is not { } extension || request.Headers.ContentEncoding.Count > 0)
        {
            return Problems.Refuse(415, $"A body of the type \"{type}\" cannot be read.", $"Allowed: {FileFormat.PushedTypes}, not compressed.");
        }

        var kept = node.Artifacts.PathOf(await node.Artifacts.PutAsync(request.Body, cancellation));
        var repaired = new RepairedFile(string.IsNullOrEmpty(file) ? "the file" : file, kept, FileFormat.Of($"rows{extension}")!);
        return await AnswerAsync(id, node, () => node.Handover.DatasetAsync(id, repaired, user.Actor().Name, cancellation));
    }

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> ApplyModelAsync(
        string id, AppliedModel applied, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        Find(node, id) is null ? NoFix(id) : await AnswerAsync(id, node, () => node.Handover.ModelAsync(id, applied.Version, user.Actor().Name, cancellation));

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> AnswerAsync(string id, Node node, Func<Task<FixDecision>> hand)
    {
        try
        {
            return await hand() is FixDecision.Refused refused
                ? Problems.Refuse(409, $"The fix {id} stays as it is: {refused.Reason}.", $"See /api/fixes/{id} for how it stands.")
                : TypedResults.Ok(FixLine.Of(Find(node, id)!));
        }
        catch (DatasetException error)
        {
            return Problems.Refuse(422, $"The fix {id} stays as it is: {error.Message}.", $"See /api/fixes/{id}/export for what can be repaired.");
        }
    }

    private static Fix? Find(Node node, string id) => node.Database.Read(connection => FixStore.Find(connection, id));

    private static ProblemHttpResult NoFix(string id) => Problems.NotFound("fix", id, "/api/fixes");

    private static ProblemHttpResult NoPlan(string id) =>
        Problems.Refuse(409, $"The fix {id} has no plan to repair by.", $"See /api/fixes/{id} for how it stands.");
}

/// <summary>A person's own version, registered before.</summary>
public sealed record AppliedModel(string Version);
