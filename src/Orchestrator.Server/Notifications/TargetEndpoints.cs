using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Notifications;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Notifications;

/// <summary>The targets that the operator named.</summary>
internal static class TargetEndpoints
{
    public static void MapTargets(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/targets/{name}/test", TestAsync).Needs(Role.Admin).WithTags("targets").WithSummary("Sends one message to a target at once, to see whether it arrives.");

    private static async Task<Results<Ok<TargetTest>, ProblemHttpResult>> TestAsync(string name, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var by = user.Actor().Name;
        var now = node.Clocks.Now;
        await node.Database.WriteAsync(transaction => AuditStore.Append(transaction, now, by, "target.tested", name), cancellation);
        var message = new Notification("message", $"{by} asks whether messages arrive here.", $"test:{name}:{Guid.CreateVersion7(node.Clocks.Real.GetUtcNow())}", now)
        {
            Environment = node.Options.Operator.Environment,
        };
        return await node.Messenger.SendAsync(name, message, cancellation) switch
        {
            Delivery.Taken => TypedResults.Ok(new TargetTest(name, Sent: true)),
            Delivery.Withheld => TypedResults.Ok(new TargetTest(name, Sent: false)),
            Delivery.NotNow later => Refused(later.Reason),
            Delivery.Refused refused => Refused(refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ProblemHttpResult Refused(string reason) =>
        Problems.Refuse(409, $"The message was not sent: {reason}.", "Change the target in the operator's file, or the files that it names, and try again.");
}

/// <summary>How the test of a target ended.</summary>
/// <param name="Sent">False in a story, which nothing leaves.</param>
public sealed record TargetTest(string Target, bool Sent);
