using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>The way to the provider and back.</summary>
internal static class ProviderEndpoints
{
    public static void MapProvider(this RouteGroupBuilder session)
    {
        session.MapGet("/provider", Leave).NeedsNoKey("sends people to the provider that knows them")
            .WithSummary("Sends the browser to the provider, to sign in or to show anew who somebody is, and then to a page of this server.");
        // The handler of the provider takes what comes here with its state; only what nobody waits for reaches the endpoint.
        session.MapGet("/provider/callback", () => TypedResults.LocalRedirect("/signed-in?outcome=failed")).NeedsNoKey("is where the provider sends people back to")
            .WithSummary("Takes people back from the provider.");
    }

    /// <param name="then">The page to go to afterwards.</param>
    /// <param name="confirm">Whether the person shows anew who he is, for the session that he has.</param>
    private static IResult Leave(string? then, bool? confirm, HttpContext context, ClaimsPrincipal user, IServiceProvider parts)
    {
        if (parts.GetService<ProviderSpec>() is null)
        {
            return Problems.Refuse(404, "No provider is known here.", "Sign in in another way; sign_in.oidc of the operator's file names one.");
        }

        // Foreign pages do not send people to sign in here.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
        {
            return Problems.Refuse(403, Cookies.ForeignPage, "Sign in from a page of this server.");
        }

        var page = then is ['/', ..] and not ['/', '/' or '\\', ..] && !then.Any(char.IsControl) ? then : "/";
        var properties = new OpenIdConnectChallengeProperties { RedirectUri = page };
        if (confirm == true)
        {
            if (Cookies.Text(context.Request) is not { } cookie || user.Session() is not { Identity: { Way: IdentityWay.Provider } identity })
            {
                return Problems.Refuse(409, "There is no session of the provider to confirm.", "Sign in first.");
            }

            properties.Prompt = "login";
            properties.MaxAge = TimeSpan.Zero;
            properties.Items[ProviderReturn.SessionItem] = Sessions.HashOf(cookie);
            properties.Items[ProviderReturn.PersonItem] = identity.Proof;
        }

        return TypedResults.Challenge(properties, [ProviderSetup.Scheme]);
    }
}
