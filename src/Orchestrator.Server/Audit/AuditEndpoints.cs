using System.Security.Claims;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Audit;

/// <summary>The chain of decisions.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/audit").WithTags("audit");
        audit.MapGet("/", (Database database, ClaimsPrincipal user, HttpResponse response, int? limit, string? after, string? words) =>
                TypedResults.Ok(database.Read(connection => AuditStore.Page(connection, Pages.Wish(limit, after, user), words?.Trim() ?? "")).Give(response)))
            .Needs(Role.Viewer).WithSummary("Decisions, newest first; with words only those whose actor, action or subject holds them" + Pages.Said);
        audit.MapGet("/check", (Database database) => TypedResults.Ok(new AuditCheck(database.Read(AuditStore.FirstBroken))))
            .Needs(Role.Viewer).WithSummary("Whether every hash of the chain follows from what is stored.");
    }
}

/// <summary>What checking the chain of decisions found.</summary>
/// <param name="FirstBroken">The first entry that does not follow from those before it; absent where the chain is whole.</param>
public sealed record AuditCheck(long? FirstBroken)
{
    public bool Whole => FirstBroken is null;
}
