using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;
using Orchestrator.Server.Findings;

namespace Orchestrator.Server.Fixes;

/// <summary>Fixes: what they would do, what became of them, and a person's word on them.</summary>
internal static class FixEndpoints
{
    public static void MapFixes(this IEndpointRouteBuilder routes)
    {
        var fixes = routes.MapGroup("/api/fixes").WithTags("fixes");
        fixes.MapGet("/", List).Needs(Role.Viewer).WithSummary("Fixes, newest first; with open=true only those that have not ended.");
        fixes.MapGet("/{id}", Show).Needs(Role.Viewer).WithSummary("One fix with its plan and history.");
    }

    private static Ok<List<FixLine>> List(Database database, bool? open, int? limit) =>
        TypedResults.Ok(database.Read(connection => FixStore.List(connection, open ?? false, Pages.Limit(limit)).Select(FixLine.Of).ToList()));

    private static Results<Ok<FixShown>, ProblemHttpResult> Show(string id, Database database) =>
        database.Read(connection => FixStore.Find(connection, id) is { } fix ? new FixShown(fix, FixStore.History(connection, id)) : null) is { } shown
            ? TypedResults.Ok(shown)
            : Problems.NotFound("fix", id, "/api/fixes");
}

/// <summary>A fix with everything that happened to it.</summary>
public sealed record FixShown(Fix Fix, IReadOnlyList<FixHistory> History);
