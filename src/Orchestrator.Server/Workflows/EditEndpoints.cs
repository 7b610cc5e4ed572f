using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Workflows;

/// <summary>Who edits what in the designer: plans of fixes, authored definitions; what was proposed, and what could not be saved.</summary>
internal static class EditEndpoints
{
    public static void MapEdits(this IEndpointRouteBuilder routes)
    {
        var fixes = routes.MapGroup("/api/fixes").WithTags("fixes");
        fixes.MapGet("/{id}/edit", (string id, Node node, ClaimsPrincipal user) => Show(DefinitionLibrary.OfFix(id), node, user)).Needs(Role.Viewer, About.Fix).WithSummary("Who is editing the plan of a fix.");
        fixes.MapPost("/{id}/edit", (string id, Node node, ClaimsPrincipal user, CancellationToken cancellation) => BeginAsync(DefinitionLibrary.OfFix(id), node, user, cancellation))
            .Needs(Role.Author, About.Fix).WithSummary("Begins to edit the plan of a proposed fix, or goes on: the designer then shows a scratch draft, and publishing it submits it as the next plan.");
        fixes.MapDelete("/{id}/edit", (string id, Node node, ClaimsPrincipal user, CancellationToken cancellation) => EndAsync(DefinitionLibrary.OfFix(id), node, user, cancellation))
            .Needs(Role.Author, About.Fix).WithSummary("Gives the edit of a plan up; the fix stays as it is.");
        var workflows = routes.MapGroup("/api/workflows").WithTags("workflows");
        workflows.MapGet("/{name}/edit", (string name, Node node, ClaimsPrincipal user) => Show(name, node, user)).Needs(Role.Viewer, About.Named).WithSummary("Who is editing a definition.");
        workflows.MapPost("/{name}/edit", (string name, Node node, ClaimsPrincipal user, CancellationToken cancellation) => BeginAsync(name, node, user, cancellation))
            .Needs(Role.Author, About.Named).WithSummary("Begins to edit an authored definition, or goes on: publishing it in the designer proposes the change.");
        workflows.MapDelete("/{name}/edit", (string name, Node node, ClaimsPrincipal user, CancellationToken cancellation) => EndAsync(name, node, user, cancellation))
            .Needs(Role.Author, About.Named).WithSummary("Gives the edit of a definition up.");
        workflows.MapGet("/drafts", Drafts).Needs(Role.Author, About.Shown).WithSummary("What the caller wanted to save and could not, newest first.");
        workflows.MapGet("/drafts/{id}", Draft).Needs(Role.Author, About.Shown).WithSummary("One kept draft of the caller's, as Elsa 3 JSON.");
        workflows.MapGet("/proposals", Proposals).Needs(Role.Viewer, About.Shown).WithSummary("Proposed changes of authored definitions, newest first.");
        workflows.MapGet("/proposals/{id}/file", Proposal).Needs(Role.Viewer, About.Shown).WithSummary("The file that is proposed.");
    }

    private static Results<Ok<EditLine>, ProblemHttpResult> Show(string definition, Node node, ClaimsPrincipal user) => node.Database.Read(connection =>
        node.Definitions.Library.Newest(connection, definition) is not null ? EditLine.Of(definition, node.Definitions.LockOf(connection, definition), user) : null) is { } line
        ? TypedResults.Ok(line)
        : NoDefinition(definition);

    private static async Task<Results<Ok<EditLine>, ProblemHttpResult>> BeginAsync(string definition, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await node.Database.WriteAsync(transaction => node.Definitions.Begin(transaction, definition, user.Actor().Name), cancellation) switch
        {
            SaveOutcome.Saved => Show(definition, node, user),
            SaveOutcome.Refused refused => Problems.Refuse(409, $"{definition} cannot be edited now: {refused.Reason}.", refused.Next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(string definition, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await node.Database.WriteAsync(transaction => node.Definitions.GiveUp(transaction, definition, user.Actor().Name), cancellation)
            ? TypedResults.NoContent()
            : Problems.Refuse(409, $"{definition} is not being edited by {user.Actor().Name}.", "There is nothing to give up.");

    private static Ok<List<DraftLine>> Drafts(Database database, ClaimsPrincipal user, int? limit) =>
        TypedResults.Ok(database.Read(connection => EditStore.KeptFor(connection, user.Actor().Name, Pages.Limit(limit)).Select(draft => new DraftLine(draft.Id, draft.DefinitionId, draft.At, draft.Reason)).ToList()));

    private static Results<Ok<JsonElement>, ProblemHttpResult> Draft(string id, Database database, ClaimsPrincipal user) =>
        database.Read(connection => EditStore.FindKept(connection, id)) is { } draft && draft.By == user.Actor().Name
            ? TypedResults.Ok(JsonElement.Parse(draft.Body))
            : Problems.NotFound("kept draft", id, "/api/workflows/drafts");

    private static Ok<List<ProposalLine>> Proposals(Database database, int? limit) =>
        TypedResults.Ok(database.Read(connection => EditStore.Proposals(connection, Pages.Limit(limit))
            .Select(proposal => new ProposalLine(proposal.Id, proposal.DefinitionId, proposal.By, proposal.At, proposal.Path, proposal.Branch)).ToList()));

    private static Results<FileContentHttpResult, ProblemHttpResult> Proposal(string id, Database database) =>
        database.Read(connection => EditStore.FindProposal(connection, id)) is { } proposal
            ? TypedResults.Bytes(System.Text.Encoding.UTF8.GetBytes(proposal.Body), "application/json", Path.GetFileName(proposal.Path))
            : Problems.NotFound("proposal", id, "/api/workflows/proposals");

    private static ProblemHttpResult NoDefinition(string definition) => Problems.NotFound("workflow definition", definition, "/api/workflows");
}

/// <summary>How the editing of a definition stands.</summary>
/// <param name="Definition">Its name in the designer.</param>
/// <param name="Holder">Who is editing it; null where nobody is.</param>
/// <param name="IsYours">Whether the caller is.</param>
/// <param name="Until">How long the lock holds if nothing is saved, by the real clock.</param>
public sealed record EditLine(string Definition, string? Holder, bool IsYours, string? Draft, DateTimeOffset? Until)
{
    internal static EditLine Of(string definition, EditLock? held, ClaimsPrincipal user) => new(definition, held?.Holder, held?.Holder == user.Actor().Name, held?.DraftId, held?.Until);
}

/// <summary>Something that was sent and could not be saved.</summary>
public sealed record DraftLine(string Id, string Definition, DateTimeOffset At, string Reason);

/// <summary>A proposed change.</summary>
/// <param name="Branch">The branch that holds it; null where the rules come from a folder.</param>
public sealed record ProposalLine(string Id, string Definition, string By, DateTimeOffset At, string Path, string? Branch);
