using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Findings;

/// <summary>Findings, and the fixes that were proposed for them.</summary>
internal static class FindingEndpoints
{
    public static void MapFindings(this IEndpointRouteBuilder routes)
    {
        var findings = routes.MapGroup("/api/findings").WithTags("findings");
        findings.MapGet("/", (Database database, ClaimsPrincipal user, HttpResponse response, bool? open, int? limit, string? after) =>
                TypedResults.Ok(database.Read(connection => FindingStore.Page(connection, open ?? false, Pages.Wish(limit, after, user))).Give(response)))
            .Needs(Role.Viewer, About.Shown).WithSummary("Findings, newest first; with open=true only those that are open" + Pages.Said);
        findings.MapPost("/{id}/reset", ResetAsync).Needs(Role.Approver, About.Finding).WithSummary("Lets fixes be tried again although the last ones in a row did not help.");
        findings.MapGet("/{id}", Show).Needs(Role.Viewer, About.Finding).WithSummary("One finding with its fixes.");
    }

    private static Results<Ok<FindingShown>, ProblemHttpResult> Show(string id, Database database) =>
        database.Read(connection => FindingStore.Find(connection, id) is { } finding
            ? new FindingShown(finding, [.. FixStore.OfFinding(connection, id).Select(FixLine.Of)], FindingStore.Explanation(connection, id))
            : null) is { } shown
            ? TypedResults.Ok(shown)
            : NoFinding(id);

    private static async Task<Results<Ok<Finding>, ProblemHttpResult>> ResetAsync(string id, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (node.Database.Read(connection => FindingStore.Find(connection, id)) is not { } finding)
        {
            return NoFinding(id);
        }

        return await node.ResetBreakerAsync(finding, user.Actor().Name, cancellation)
            ? TypedResults.Ok(finding)
            : Problems.Refuse(409, $"The rule {finding.Rule} of the finding {id} asks for no fix any more.", "See /api/rules for the rules in force.");
    }

    private static ProblemHttpResult NoFinding(string id) => Problems.NotFound("finding", id, "/api/findings");
}

/// <summary>A finding with what is done about it.</summary>
/// <param name="Explanation">Why its rule held when it opened; absent in findings of before.</param>
public sealed record FindingShown(Finding Finding, IReadOnlyList<FixLine> Fixes, RuleExplanation? Explanation = null);

/// <summary>A fix as one line of a list.</summary>
/// <param name="Model">Absent where the rule is about no model.</param>
/// <param name="PlanSha256">What an approval has to name; absent until the plan is prepared.</param>
public sealed record FixLine(
    string Id, string FindingId, string Rule, string? Model, string Workflow, FixState State, string? PlanSha256, string? ApprovedBy, string? Reason,
    DateTimeOffset OpenedAt, DateTimeOffset? Deadline, DateTimeOffset? EndedAt)
{
    public static FixLine Of(Fix fix) => new(
        fix.Id, fix.FindingId, fix.Rule, fix.Model, fix.Terms.Workflow, fix.State, fix.Plan?.Sha256, fix.ApprovedBy, fix.Reason,
        fix.OpenedAt, fix.Deadline, fix.EndedAt);
}
