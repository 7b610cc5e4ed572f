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
            .Needs(Role.Viewer).WithSummary("Whether the kill switch is on.");
        kill.MapPut("/", SetAsync).Needs(Role.Admin).WithSummary("Turns it on or off: while it is on, no fix is opened or started; what runs goes on to its end.");
    }

    private static async Task<Ok<KillSwitchState>> SetAsync(
        KillSwitchState wish, Database database, Clocks clocks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        await database.WriteAsync(transaction => Set(transaction, wish.On, user.Key().Name, clocks.Now), cancellation);
        return TypedResults.Ok(wish);
    }

    /// <summary>Leaves an audit entry only where the switch moves.</summary>
    private static void Set(Transaction transaction, bool on, string by, DateTimeOffset now)
    {
        if (KillSwitch.IsOn(transaction.Connection) != on)
        {
            KillSwitch.Set(transaction, on, by, now);
        }
    }
}

/// <summary>The kill switch.</summary>
public sealed record KillSwitchState(bool On);
