using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>Sessions of browsers: opened by whoever shows who he is, renewed by the page while somebody is there.</summary>
internal static class SessionEndpoints
{
    private const string Reason = "opens a session for whoever shows a key or a password";
    private const string Next = "Sign in first.";

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/api/session").WithTags("keys");
        session.MapPost("/", OpenAsync).NeedsNoKey(Reason).WithSummary("Opens a session with a key, or with a name and a password; the answer sets a cookie that scripts cannot read.");
        session.MapGet("/", RenewAsync).NeedsNoKey("says who is signed in, or that nobody is").WithSummary("Who is signed in, moving the end of the session on; no content where nobody is.");
        session.MapGet("/ways", (SignInDesk desk, IServiceProvider parts) => TypedResults.Ok(new SignInWays(desk.TakesPasswords, parts.GetService<ProviderSpec>()?.Title)))
            .NeedsNoKey("says how people can sign in").WithSummary("How people can sign in beside keys.");
        session.MapPost("/confirm", ConfirmAsync).Needs(Role.Viewer, About.Shown).WithSummary("Shows anew who somebody is, for what a session alone does not open.");
        session.MapProvider();
        session.MapDelete("/", CloseAsync).Needs(Role.Viewer, About.Shown).WithSummary("Ends the session.");
    }

    private static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> OpenAsync(
        SignIn wish, SignInDesk desk, Sessions sessions, HttpContext context, CancellationToken cancellation)
    {
        if (!Cookies.IsFromOwnPage(context.Request))
        {
            return Problems.Refuse(403, Cookies.ForeignPage, Next);
        }

        switch (desk.Look(wish, AddressOf(context)))
        {
            case Shown.Known known:
                var opened = await sessions.OpenAsync(known.Actor, known.Identity, tokens: null, cancellation);
                Cookies.Set(context, opened.Text);
                return TypedResults.Ok(SignedIn.Of(opened.Session));
            case Shown.Refused refused:
                return Refuse(refused, context);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<Results<Ok<SignedIn>, NoContent>> RenewAsync(Sessions sessions, HttpContext context, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (user.Identity is not { IsAuthenticated: true })
        {
            return TypedResults.NoContent();
        }

        if (Cookies.Text(context.Request) is not { } text || user.Session() is not { } session)
        {
            return TypedResults.Ok(SignedIn.Of(user.Actor()));
        }

        var answer = sessions.IsToAsk(session) ? await context.RequestServices.GetRequiredService<ProviderTokens>().AskAsync(text, cancellation) : ProviderAnswer.Known;
        if (answer == ProviderAnswer.Unknown)
        {
            await sessions.CloseAsync(text, cancellation);
            Cookies.Clear(context);
            return TypedResults.NoContent();
        }

        return TypedResults.Ok(SignedIn.Of(answer == ProviderAnswer.Silent ? session : await sessions.RenewAsync(text, session, cancellation)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ConfirmAsync(
        SignIn wish, SignInDesk desk, Sessions sessions, HttpContext context, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (Cookies.Text(context.Request) is not { } text || user.Session() is not { } session)
        {
            return Problems.Refuse(409, "There is no session to confirm.", Next);
        }

        switch (desk.Look(wish, AddressOf(context)))
        {
            case Shown.Known known when known.Identity.IsSame(session.Identity):
                await sessions.ConfirmAsync(text, cancellation);
                return TypedResults.NoContent();
            case Shown.Refused { Status: 429 or 503 } refused:
                return Refuse(refused, context);
            default:
                var what = session.Identity.Way.ToString().ToLowerInvariant();
                return Problems.Refuse(403, $"This is not the {what} that the session was opened with.", $"Show the {what} of {session.Actor.Name}.");
        }
    }

    private static async Task<Ok<SignedOut>> CloseAsync(Sessions sessions, Node node, HttpContext context, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (Cookies.Text(context.Request) is not { } text)
        {
            return TypedResults.Ok(new SignedOut(null));
        }

        var home = $"{node.Options.Operator.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host}"}/";
        var next = user.Session()?.Identity.Way == IdentityWay.Provider && context.RequestServices.GetService<ProviderTokens>() is { } tokens ? await tokens.LeaveAsync(text, home, cancellation) : null;
        await sessions.CloseAsync(text, cancellation);
        Cookies.Clear(context);
        return TypedResults.Ok(new SignedOut(next));
    }

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static ProblemHttpResult Refuse(Shown.Refused refused, HttpContext context)
    {
        if (refused.After is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Problems.Refuse(refused.Status, refused.Sentence, refused.Next);
    }
}

/// <summary>What a person shows: a key, or a name and its password.</summary>
public sealed record SignIn(string? Key = null, string? Name = null, string? Password = null);

/// <summary>How people can sign in; with a key they always can.</summary>
/// <param name="Provider">What people know the provider as; absent where there is none.</param>
public sealed record SignInWays(bool Password, string? Provider = null);

/// <summary>The end of a session.</summary>
/// <param name="Provider">Where the person signs out at the provider as well; absent where that is not needed.</param>
public sealed record SignedOut(string? Provider);

/// <summary>Who is signed in.</summary>
/// <param name="Way">How he showed who he is.</param>
/// <param name="ExpiresAt">When the session ends unless it is used before; absent for callers that send a key with each request.</param>
/// <param name="Models">Roles for single models; whoever has no role for all sees only these.</param>
public sealed record SignedIn(string Name, ImmutableArray<Role> Roles, ImmutableSortedDictionary<string, ImmutableArray<Role>> Models, IdentityWay Way, DateTimeOffset? ExpiresAt)
{
    internal static SignedIn Of(Actor actor) => new(actor.Name, actor.Roles, actor.Models, IdentityWay.Key, ExpiresAt: null);

    internal static SignedIn Of(Session session) => Of(session.Actor) with { Way = session.Identity.Way, ExpiresAt = session.ExpiresAt };
}
