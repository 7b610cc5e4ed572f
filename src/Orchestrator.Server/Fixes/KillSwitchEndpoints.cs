using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Fixes;

/// <summary>The switch that keeps fixes from being opened or started.</summary>
internal static class KillSwitchEndpoints
{
    public static void MapKillSwitch(this IEndpointRouteBuilder routes)
    {
        var kill = routes.MapGroup("/api/kill-switch").WithTags("fixes");
        kill.MapGet("/", (Database database) => TypedResults.Ok(new KillSwitchState(database.Read(KillSwitch.IsOn))))
            .Needs(Role.Viewer, About.Shown).WithSummary("Whether the kill switch is on.");
        kill.MapPut("/", SetAsync).Needs(Role.Admin).WithSummary("Turns it on or off: while it is on, no fix is opened or started; what runs goes on to its end.");
    }

    private static async Task<Ok<KillSwitchState>> SetAsync(
        KillSwitchState wish, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        await node.Database.WriteAsync(transaction => Set(transaction, node, wish.On, user.Actor().Name), cancellation);
        return TypedResults.Ok(wish);
    }

    /// <summary>Leaves an audit entry only where the switch moves.</summary>
    private static void Set(Transaction transaction, Node node, bool on, string by)
    {
        if (KillSwitch.IsOn(transaction.Connection) != on)
        {
            node.Fixes.SetKillSwitch(transaction, on, by, node.Clocks.Now);
        }
    }
}

/// <summary>The kill switch.</summary>
public sealed record KillSwitchState(bool On);
