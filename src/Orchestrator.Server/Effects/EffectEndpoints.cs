using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Effects;

/// <summary>Work that is open or was set aside for a person.</summary>
internal static class EffectEndpoints
{
    public static void MapEffects(this IEndpointRouteBuilder routes)
    {
        var effects = routes.MapGroup("/api/effects").WithTags("effects");
        effects.MapGet("/", (Database database, int? limit) =>
                TypedResults.Ok(database.Read(EffectStore.Open).Take(Pages.Limit(limit))))
            .Needs(Role.Viewer).WithSummary("Work that is neither done nor cancelled, parked work first.");
        effects.MapPost("/retry", RetryAsync).Needs(Role.Admin).WithSummary("Tries parked work again, with its attempts counted anew.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RetryAsync(
        EffectKey request, Database database, EffectStore effects, Clocks clocks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var retried = await database.WriteAsync(transaction => Retry(transaction, effects, request.Key, user.Actor().Name, clocks.Now), cancellation);
        return retried ? TypedResults.NoContent() : Problems.Refuse(409, $"There is no parked work \"{request.Key}\".", "See /api/effects for parked work.");
    }

    private static bool Retry(Transaction transaction, EffectStore effects, string key, string by, DateTimeOffset now)
    {
        var retried = effects.Retry(transaction, key);
        if (retried)
        {
            AuditStore.Append(transaction, now, by, "effect.retried", key);
        }

        return retried;
    }
}

/// <summary>Names an effect: keys hold characters that paths do not.</summary>
public sealed record EffectKey(string Key);
