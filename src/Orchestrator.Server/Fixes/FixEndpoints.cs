using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;
using Orchestrator.Server.Findings;

namespace Orchestrator.Server.Fixes;

/// <summary>Fixes: what they would do, what became of them, and a person's word on them.</summary>
internal static class FixEndpoints
{
    private const int LongestComment = 2000;

    public static void MapFixes(this IEndpointRouteBuilder routes)
    {
        var fixes = routes.MapGroup("/api/fixes").WithTags("fixes");
        fixes.MapGet("/", List).Needs(Role.Viewer, About.Shown).WithSummary("Fixes, newest first; with open=true only those that have not ended" + Pages.Said);
        fixes.MapGet("/{id}", Show).Needs(Role.Viewer, About.Fix).WithSummary("One fix with its plan and history.");
        fixes.MapPost("/{id}/approve", ApproveAsync).Needs(Role.Approver, About.Fix).WithSummary("Approves exactly the plan of this hash; what runs is that plan, byte for byte.");
        fixes.MapGet("/{id}/patch", PatchAsync).Needs(Role.Viewer, About.Fix).WithSummary("The changes of labels that a fix waits with, or had approved last.");
        fixes.MapGet("/{id}/changes", ChangesAsync).Needs(Role.Viewer, About.Fix)
            .WithSummary("What the fix does to rows, one entry a row, from the entry with the number offset on: what its run did, before that the patch that it waits with; nothing where that is not known yet.");
        fixes.MapPost("/{id}/patch/approve", ApprovePatchAsync).Needs(Role.Approver, About.Fix).WithSummary("Approves exactly the patch of this hash; what is applied is that patch.");
        fixes.MapPost("/{id}/cancel", CancelAsync).Needs(Role.Approver, About.Fix).WithSummary("Stops a fix wherever it is: running work is ended, and what it changed is undone.");
        fixes.MapPost("/{id}/reject", RejectAsync).Needs(Role.Approver, About.Fix).WithSummary("Rejects a proposed fix, or the patch that a running one waits with; what that one changed before is undone.");
        fixes.MapHandover();
    }

    private static Ok<List<FixLine>> List(Database database, ClaimsPrincipal user, HttpResponse response, bool? open, int? limit, string? after) =>
        TypedResults.Ok(database.Read(connection => FixStore.Page(connection, open ?? false, Pages.Wish(limit, after, user))).Give(response).Select(FixLine.Of).ToList());

    private static Results<Ok<FixShown>, ProblemHttpResult> Show(string id, Database database, Clocks clocks) =>
        database.Read(connection => FixStore.Find(connection, id) is { } fix
            ? new FixShown(fix, FixStore.History(connection, id), FixStore.Work(connection, fix))
            {
                Held = fix.State == FixState.Approved ? FixRunner.StartObjection(connection, fix, clocks.Now) : null,
            }
            : null) is { } shown
            ? TypedResults.Ok(shown)
            : NoFix(id);

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> ApproveAsync(
        string id, FixApproval approval, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await AnswerAsync(id, approval.Comment, node, () => node.ApproveAsync(id, user.Actor(), approval.PlanSha256, approval.Comment, cancellation));

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> ApprovePatchAsync(
        string id, PatchApproval approval, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await AnswerAsync(id, approval.Comment, node, () => node.ApprovePatchAsync(id, user.Actor(), approval.PatchSha256, approval.Comment, cancellation));

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> PatchAsync(string id, Node node, CancellationToken cancellation) =>
        Find(node, id)?.Patch is { } patch
            ? TypedResults.Content(await node.Artifacts.ReadTextAsync(patch.Sha256, cancellation), "application/json")
            : Problems.NotFound("patch of the fix", id, "/api/fixes");

    private static async Task<Results<Ok<ChangedRows>, NoContent, ProblemHttpResult>> ChangesAsync(string id, long? offset, int? limit, Node node, CancellationToken cancellation)
    {
        var span = Pages.Span(offset, limit);
        return Find(node, id) is not { } fix ? NoFix(id)
            : await node.FixChanges.ReadAsync(fix, span, cancellation) is { } changes ? TypedResults.Ok(changes)
            : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> RejectAsync(
        string id, FixRejection rejection, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var by = user.Actor().Name;
        return await AnswerAsync(
            id, rejection.Comment, node, () => node.CommandAsync(id, new FixCommand.Reject(by, rejection.Comment) { At = node.Clocks.Now }, by, cancellation));
    }

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> CancelAsync(
        string id, FixCancellation wish, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var by = user.Actor().Name;
        return await AnswerAsync(
            id, wish.Comment, node, () => node.CommandAsync(id, new FixCommand.Cancel(by, wish.Comment) { At = node.Clocks.Now }, by, cancellation));
    }

    private static async Task<Results<Ok<FixLine>, ProblemHttpResult>> AnswerAsync(string id, string? comment, Node node, Func<Task<FixDecision>> decide)
    {
        if (comment?.Length > LongestComment)
        {
            return Problems.Refuse(422, $"The comment has {comment.Length} characters.", $"At most {LongestComment} are kept.");
        }

        if (Find(node, id) is null)
        {
            return NoFix(id);
        }

        return await decide() is FixDecision.Refused refused
            ? Problems.Refuse(409, $"The fix {id} stays as it is: {refused.Reason}.", $"See /api/fixes/{id} for how it stands.")
            : TypedResults.Ok(FixLine.Of(Find(node, id)!));
    }

    private static Fix? Find(Node node, string id) => node.Database.Read(connection => FixStore.Find(connection, id));

    private static ProblemHttpResult NoFix(string id) => Problems.NotFound("fix", id, "/api/fixes");
}

/// <summary>A fix with everything that happened to it.</summary>
/// <param name="Work">What it waits for, parked work first.</param>
public sealed record FixShown(Fix Fix, IReadOnlyList<FixHistory> History, IReadOnlyList<EffectStatus> Work)
{
    /// <summary>Why it was approved and does not start yet.</summary>
    public string? Held { get; init; }
}

/// <summary>A person's approval of one plan.</summary>
/// <param name="PlanSha256">Hash of the plan that the person saw.</param>
public sealed record FixApproval(string PlanSha256, string? Comment = null);

/// <summary>A person's approval of the changes that the labels make.</summary>
/// <param name="PatchSha256">Hash of the patch that the person saw.</param>
public sealed record PatchApproval(string PatchSha256, string? Comment = null);

/// <summary>A person's word to stop a fix.</summary>
public sealed record FixCancellation(string? Comment = null);

/// <summary>A person's rejection.</summary>
public sealed record FixRejection(string? Comment = null);
