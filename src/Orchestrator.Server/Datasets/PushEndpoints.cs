using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Pushes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>Rows and labels that are pushed, a batch a request.</summary>
internal static class PushEndpoints
{
    private const int LongestName = 200;

    public static void MapPushes(this IEndpointRouteBuilder routes)
    {
        var limit = new RequestSizeLimitAttribute(PushIntake.Largest + 1);
        var datasets = routes.MapGroup("/api/datasets").WithTags("datasets");
        datasets.MapPost("/{name}/rows", PushRowsAsync).Needs(Role.Pusher, About.Dataset).WithMetadata(limit)
            .WithSummary($"Adds a batch of rows to a dataset that is pushed; the body is {FileFormat.PushedTypes}, and a batch of the same name counts once.");
        datasets.MapPost("/{name}/labels", PushLabelsAsync).Needs(Role.Pusher, About.Dataset).WithMetadata(limit)
            .WithSummary($"Adds a batch of labels to a dataset whose labels are pushed; the body is {FileFormat.PushedTypes}, and a batch of the same name counts once.");
    }

    private static Task<Results<Ok<PushAnswer>, ProblemHttpResult>> PushRowsAsync(
        string name, string? batch, [FromHeader(Name = "Batch-Id")] string? id, HttpRequest request, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        PushAsync(new Pushed(name, batch ?? id ?? "", IsLabels: false, user.Actor().Name), request, node, cancellation);

    private static Task<Results<Ok<PushAnswer>, ProblemHttpResult>> PushLabelsAsync(
        string name, string? batch, [FromHeader(Name = "Batch-Id")] string? id, HttpRequest request, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        PushAsync(new Pushed(name, batch ?? id ?? "", IsLabels: true, user.Actor().Name), request, node, cancellation);

    private static async Task<Results<Ok<PushAnswer>, ProblemHttpResult>> PushAsync(Pushed pushed, HttpRequest request, Node node, CancellationToken cancellation)
    {
        if (node.Revisions.Current?.Dataset(pushed.Dataset) is not var (monitor, dataset))
        {
            return Problems.Refuse(404, $"No monitor has a dataset \"{pushed.Dataset}\".", "See /api/monitors for those in force.");
        }

        if ((pushed.IsLabels ? dataset.Labels?.From : dataset.From) is not DataLocation.Push)
        {
            var what = pushed.IsLabels ? "The labels of the" : "The";
            return Problems.Refuse(409, $"{what} dataset \"{pushed.Dataset}\" {(pushed.IsLabels ? "are" : "is")} not pushed.", $"{monitor.Source.Path} says where they come from; push: true makes them be pushed.");
        }

        if (pushed.Batch.Length is 0 or > LongestName)
        {
            return Problems.Refuse(400, "The batch has no name of 1 to 200 characters.", "Send one as the parameter batch or the header Batch-Id: pushed again under it, the batch counts once.");
        }

        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var media) ? media.MediaType.Value : null;
        return FileFormat.ExtensionOf(type) is { } extension && request.Headers.ContentEncoding.Count == 0
            ? Answer(pushed, await node.Pushes.TakeAsync(new(monitor, dataset, pushed.IsLabels, pushed.Batch, extension, pushed.By), request.Body, cancellation))
            : Problems.Refuse(415, $"A body of the type \"{type}\" cannot be read.", $"Allowed: {FileFormat.PushedTypes}, not compressed.");
    }

    private static Results<Ok<PushAnswer>, ProblemHttpResult> Answer(Pushed pushed, PushOutcome outcome) => outcome switch
    {
        PushOutcome.Taken taken => TypedResults.Ok(new PushAnswer(pushed.Dataset, pushed.Batch, taken.Batch.Rows, taken.IsNew, taken.Batch.At)),
        PushOutcome.Refused refused => Problems.Refuse(422, string.Join("\n", refused.Problems), "Nothing of the batch is kept: correct it and push it again."),
        PushOutcome.Conflict conflict => Problems.Refuse(
            409, $"The batch \"{pushed.Batch}\" was pushed by {conflict.Earlier.By} before, with another content.", "Push it under another name."),
        PushOutcome.TooLarge large => Problems.Refuse(413, $"The batch has more than {large.Limit / 1024 / 1024} MiB.", "Push it in parts, each under its own name."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private sealed record Pushed(string Dataset, string Batch, bool IsLabels, string By);
}

/// <summary>What became of a batch.</summary>
/// <param name="IsNew">False where it was there already.</param>
public sealed record PushAnswer(string Dataset, string Batch, long Rows, bool IsNew, DateTimeOffset At);
