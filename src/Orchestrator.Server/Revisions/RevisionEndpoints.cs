using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Revisions.Difference;
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
        revisions.MapGet("/history", (Database database) => TypedResults.Ok(database.Read(connection => RevisionStore.Latest(connection, Pages.Default))))
            .Needs(Role.Viewer).WithSummary($"The last {Pages.Default} revisions that passed every check, newest first.");
        revisions.MapPost("/sync", async (Node node, CancellationToken cancellation) => TypedResults.Ok(await node.Revisions.SyncNowAsync(cancellation)))
            .Needs(Role.Author).WithSummary("Looks at the source now; a bad revision never replaces the one in force.");
        revisions.MapPost("/accept", AcceptAsync)
            .Needs(Role.Admin).WithSummary("Follows a rewritten branch from a commit on, and looks at the source.");
        revisions.MapGet("/{id}/difference", Differ)
            .Needs(Role.Viewer).WithSummary("What a revision means otherwise than another, or than the one in force.");
        revisions.MapGet("/{id}", Show).Needs(Role.Viewer).WithSummary("One revision with the text of its files.");
    }

    private static RevisionsShown Shown(DbConnection connection)
    {
        var stored = RevisionStore.InForce(connection);
        var line = stored is null ? null : new RevisionLine(
            stored.Id, stored.Source, stored.Author, RevisionStore.Since(connection) ?? stored.LoadedAt, [.. stored.Files.Keys]);
        return new RevisionsShown(line, RevisionStore.LastAttempt(connection));
    }

    private static async Task<Results<Ok<RevisionAttempt>, ProblemHttpResult>> AcceptAsync(
        AcceptedHistory history, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (history.Commit is not { Length: 40 } || !history.Commit.All(char.IsAsciiHexDigitLower))
        {
            return Problems.Refuse(400, "The commit is not given by all its forty digits.", "Copy it from the diagnostics of GET /api/revisions.");
        }

        return await node.Revisions.AcceptAsync(history.Commit, user.Actor().Name, cancellation)
            ? TypedResults.Ok(await node.Revisions.SyncNowAsync(cancellation))
            : Problems.Refuse(409, "No branch is followed, so there is no history to accept.", "Look at the rules' source in the operator's file.");
    }

    /// <param name="from">The revision to compare with; the one in force where it is not given.</param>
    private static Results<Ok<RevisionDifference>, ProblemHttpResult> Differ(string id, string? from, Database database)
    {
        var (after, before) = database.Read(connection => (RevisionStore.Find(connection, id), from is null ? RevisionStore.InForce(connection) : RevisionStore.Find(connection, from)));
        return after is null ? Problems.NotFound("revision", id, "/api/revisions")
            : before is null ? Problems.NotFound("revision", from ?? "in force", "/api/revisions")
            : TypedResults.Ok(RevisionDifference.Between(before.Files, after.Files));
    }

    private static Results<Ok<StoredRevision>, ProblemHttpResult> Show(string id, Database database) =>
        database.Read(connection => RevisionStore.Find(connection, id)) is { } revision
            ? TypedResults.Ok(revision)
            : Problems.NotFound("revision", id, "/api/revisions");
}

/// <summary>The commit from which on a rewritten branch is followed.</summary>
/// <param name="Commit">All forty digits.</param>
public sealed record AcceptedHistory(string Commit);

/// <summary>The rules in force and the last look at their source.</summary>
/// <param name="InForce">Absent until there was a good revision.</param>
/// <param name="LastAttempt">Absent until the source was looked at.</param>
public sealed record RevisionsShown(RevisionLine? InForce, RevisionAttempt? LastAttempt);

/// <summary>A revision without the text of its files.</summary>
/// <param name="Since">When it came into force.</param>
public sealed record RevisionLine(string Id, string Source, string? Author, DateTimeOffset Since, ImmutableArray<string> Files);
