using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>Studio's Run button: it reads from two headers what became of it, and shows nothing else.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this RouteGroupBuilder api)
    {
        // Studio cannot hide its button: whoever may not run is told so, in place of a fault of the page.
        api.MapPost("/workflow-definitions/{id}/execute", ExecuteAsync).Needs(Role.Viewer, About.Definition);
    }

    private static async Task<IResult> ExecuteAsync(string id, JsonObject body, Node node, ClaimsPrincipal user, HttpContext context)
    {
        var run = user.Actor().May(Role.Admin)
            ? await node.Database.WriteAsync(transaction => HandRuns.Start(transaction, node, (id, Inputs(body)), user.Actor().Name), context.RequestAborted)
            : new HandRun.Refused("running a workflow by hand needs the role admin");
        switch (run)
        {
            case HandRun.Started started:
                context.Response.Headers["x-elsa-workflow-instance-id"] = started.InstanceId;
                return ElsaJson.Answer(new { WorkflowInstanceId = started.InstanceId });
            case HandRun.Refused refused:
                context.Response.Headers["x-elsa-workflow-cannot-start"] = "true";
                context.Response.Headers["x-orchestrator-said"] = Uri.EscapeDataString($"It was not started: {refused.Reason}.");
                return ElsaJson.Answer(new { CannotStart = true, refused.Reason });
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static ImmutableSortedDictionary<string, JsonElement> Inputs(JsonObject body)
    {
        var inputs = Values.Empty.ToBuilder();
        foreach (var (name, value) in body["input"] as JsonObject ?? [])
        {
            inputs[name] = JsonSerializer.SerializeToElement(value);
        }

        return inputs.ToImmutable();
    }
}
