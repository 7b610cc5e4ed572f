using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Models;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Models;

/// <summary>The word of trainings that go on elsewhere that they have ended.</summary>
internal static class CallbackEndpoints
{
    private const int Largest = 1 << 20;

    public static void MapCallbacks(this IEndpointRouteBuilder routes) =>
        routes.MapPost(ElsewhereDesk.Path + "{id}", TakeAsync).WithTags("models").WithMetadata(new RequestSizeLimitAttribute(Largest))
            .NeedsNoKey("is signed by the secret of its runner").WithSummary("Says that a training that went on elsewhere has ended; the body is what a command writes as result.json, or has an error.");

    private static async Task<Results<Ok<CallbackTaken>, ProblemHttpResult>> TakeAsync(
        string id,
        [FromHeader(Name = "webhook-id")] string? webhook,
        [FromHeader(Name = "webhook-timestamp")] string? timestamp,
        [FromHeader(Name = "webhook-signature")] string? signature,
        HttpRequest request,
        Node node,
        CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return await node.Elsewhere.TakeAsync(id, new SignedHead(webhook ?? "", timestamp ?? "", signature ?? ""), body.ToArray(), cancellation) switch
        {
            CallbackOutcome.Taken taken => TypedResults.Ok(new CallbackTaken(id, taken.IsNew)),
            CallbackOutcome.Refused refused => Problems.Refuse(422, $"The callback was not taken: {refused.Reason}.", "Send what the command would have written as result.json."),
            CallbackOutcome.Unknown => Problems.Refuse(404, "There is no such training, or the request is not signed by its runner's secret.", "Sign id, time and body as Standard Webhooks 1.0 says."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}

/// <summary>A callback that was taken.</summary>
/// <param name="IsNew">Whether it is the first; what comes after it changes nothing.</param>
public sealed record CallbackTaken(string Id, bool IsNew);
