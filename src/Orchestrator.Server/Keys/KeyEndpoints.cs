using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>The API's keys.</summary>
internal static class KeyEndpoints
{
    private const int LongestName = 100;

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/keys").WithTags("keys");
        keys.MapGet("/", (KeyRing ring) => TypedResults.Ok(ring.Keys)).Needs(Role.Admin).WithSummary("Keys, in use and revoked.");
        keys.MapPost("/", IssueAsync).Needs(Role.Admin).WithSummary("Makes a key; its text is in this answer and nowhere else.");
        keys.MapDelete("/{id}", RevokeAsync).Needs(Role.Admin).WithSummary("Ends a key.");
        keys.MapGet("/mine", Mine).Needs(Role.Viewer, About.Shown).WithSummary("The key of this request, or the one that its session was opened with.");
    }

    private static Results<Ok<ApiKey>, ProblemHttpResult> Mine(KeyRing ring, ClaimsPrincipal user) =>
        (user.Key() ?? ring.ById(user.Session()!.Identity.Id)) is { } key
            ? TypedResults.Ok(key)
            : Problems.Refuse(404, "You signed in without a key.", "See /api/session for who you are.");

    private static async Task<Results<Created<IssuedKey>, ProblemHttpResult>> IssueAsync(
        KeyRequest request, KeyRing ring, Clocks clocks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > LongestName || request.Name.Any(char.IsControl))
        {
            return Problems.Refuse(422, "A key needs the name of the person or machine that will hold it.", $"Send a name of 1 to {LongestName} characters.");
        }

        var models = request.Models ?? Actor.NoModels;
        if (request.Roles.IsDefault || (request.Roles.IsEmpty && models.Count == 0) || models.Values.Any(roles => roles.IsDefaultOrEmpty))
        {
            return Problems.Refuse(422, "A key needs at least one role.", $"Allowed: {string.Join(", ", Enum.GetValues<Role>().Select(Roles.Word))}.");
        }

        var issued = await ring.IssueAsync(new Actor(request.Name, request.Roles, models), user.Actor().Name, clocks.Now, cancellation);
        return TypedResults.Created($"/api/keys/{issued.Key.Id}", issued);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string id, KeyRing ring, Clocks clocks, ClaimsPrincipal user, CancellationToken cancellation) =>
        await ring.RevokeAsync(id, user.Actor().Name, clocks.Now, cancellation) switch
        {
            KeyRevocation.Revoked => TypedResults.NoContent(),
            KeyRevocation.LastAdmin => Problems.Refuse(409, "This is the last admin key in use.", "Make another admin key first."),
            _ => Problems.NotFound("key in use", id, "/api/keys"),
        };
}

/// <summary>The wish for a key.</summary>
/// <param name="Roles">For every model.</param>
/// <param name="Models">Roles for single models; a key without any role for all sees only these.</param>
public sealed record KeyRequest(string Name, ImmutableArray<Role> Roles, ImmutableSortedDictionary<string, ImmutableArray<Role>>? Models = null);
