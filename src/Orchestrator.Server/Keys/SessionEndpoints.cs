using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>Sessions of browsers: opened with a key, renewed by the page while somebody is there.</summary>
internal static class SessionEndpoints
{
    private const string Reason = "opens a session for whoever shows a key";
    private const string Next = "Sign in with your key.";

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/api/session").WithTags("keys");
        session.MapPost("/", OpenAsync).NeedsNoKey(Reason).WithSummary("Opens a session with a key; the answer sets a cookie that scripts cannot read.");
        session.MapGet("/", RenewAsync).NeedsNoKey("says who is signed in, or that nobody is").WithSummary("Who is signed in, moving the end of the session on; no content where nobody is.");
        session.MapPost("/confirm", ConfirmAsync).Needs(Role.Viewer).WithSummary("Shows the key anew, for what a session alone does not open.");
        session.MapDelete("/", CloseAsync).Needs(Role.Viewer).WithSummary("Ends the session.");
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> OpenAsync(
        SignIn wish, KeyRing keys, Sessions sessions, HttpContext context, CancellationToken cancellation)
    {
        if (!Cookies.IsFromOwnPage(context.Request))
        {
            return Problems.Refuse(403, Cookies.ForeignPage, Next);
        }

        if (keys.Find(wish.Key.Trim()) is not { } key)
        {
            return Problems.Refuse(403, "This key is not known, or it was revoked.", "The first admin key is in the file admin.key of the workspace; an admin can issue others.");
        }

        var opened = await sessions.OpenAsync(key, cancellation);
        Cookies.Set(context, opened.Text);
        return TypedResults.Ok(SignedIn.Of(opened.Session));
    }

    private static async Task<Results<Ok<SignedIn>, NoContent>> RenewAsync(Sessions sessions, HttpContext context, ClaimsPrincipal user, CancellationToken cancellation) =>
        user.Identity is not { IsAuthenticated: true } ? TypedResults.NoContent()
        : Cookies.Text(context.Request) is { } text && user.Session() is { } session
            ? TypedResults.Ok(SignedIn.Of(await sessions.RenewAsync(text, session, cancellation)))
            : TypedResults.Ok(new SignedIn(user.Key().Name, user.Key().Roles, ExpiresAt: null));

    private static async Task<Results<NoContent, ProblemHttpResult>> ConfirmAsync(
        SignIn wish, KeyRing keys, Sessions sessions, HttpContext context, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (Cookies.Text(context.Request) is not { } text || user.Session() is not { } session)
        {
            return Problems.Refuse(409, "There is no session to confirm.", Next);
        }

        if (keys.Find(wish.Key.Trim())?.Id != session.Key.Id)
        {
            return Problems.Refuse(403, "This is not the key that the session was opened with.", $"Show the key of {session.Key.Name}.");
        }

        await sessions.ConfirmAsync(text, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> CloseAsync(Sessions sessions, HttpContext context, CancellationToken cancellation)
    {
        if (Cookies.Text(context.Request) is { } text)
        {
            await sessions.CloseAsync(text, cancellation);
            Cookies.Clear(context);
        }

        return TypedResults.NoContent();
    }
}

/// <summary>A key that a person shows.</summary>
public sealed record SignIn(string Key);

/// <summary>Who is signed in.</summary>
/// <param name="ExpiresAt">When the session ends unless it is used before; absent for callers that send a key with each request.</param>
public sealed record SignedIn(string Name, ImmutableArray<Role> Roles, DateTimeOffset? ExpiresAt)
{
    internal static SignedIn Of(Session session) => new(session.Key.Name, session.Key.Roles, session.ExpiresAt);
}
