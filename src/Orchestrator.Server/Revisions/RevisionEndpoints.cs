using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Revisions;

/// <summary>The rules in force, and what the last look at their source found.</summary>
internal static class RevisionEndpoints
{
    public static void MapRevisions(this IEndpointRouteBuilder routes)
    {
        var revisions = routes.MapGroup("/api/revisions").WithTags("revisions");
        revisions.MapGet("/", (Database database) => TypedResults.Ok(database.Read(Shown)))
            .Needs(Role.Viewer).WithSummary("The revision in force, and the last look at the source with its diagnostics.");
        revisions.MapPost("/sync", async (Node node, CancellationToken cancellation) => TypedResults.Ok(await node.Revisions.SyncAsync(cancellation)))
            .Needs(Role.Author).WithSummary("Looks at the source now; a bad revision never replaces the one in force.");
        revisions.MapGet("/{id}", Show).Needs(Role.Viewer).WithSummary("One revision with the text of its files.");
    }

    private static RevisionsShown Shown(DbConnection connection)
    {
        var stored = RevisionStore.InForce(connection);
        var line = stored is null ? null : new RevisionLine(
            stored.Id, stored.Source, stored.Author, RevisionStore.Since(connection) ?? stored.LoadedAt, [.. stored.Files.Keys]);
        return new RevisionsShown(line, RevisionStore.LastAttempt(connection));
    }

    private static Results<Ok<StoredRevision>, ProblemHttpResult> Show(string id, Database database) =>
        database.Read(connection => RevisionStore.Find(connection, id)) is { } revision
            ? TypedResults.Ok(revision)
            : Problems.NotFound("revision", id, "/api/revisions");
}

/// <summary>The rules in force and the last look at their source.</summary>
/// <param name="InForce">Absent until there was a good revision.</param>
/// <param name="LastAttempt">Absent until the source was looked at.</param>
public sealed record RevisionsShown(RevisionLine? InForce, RevisionAttempt? LastAttempt);

/// <summary>A revision without the text of its files.</summary>
/// <param name="Since">When it came into force.</param>
public sealed record RevisionLine(string Id, string Source, string? Author, DateTimeOffset Since, ImmutableArray<string> Files);
