using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>Takes people back whom the provider recognised: opens their session, or confirms the one that they left from.</summary>
internal sealed partial class ProviderReturn(ProviderSpec provider, People people, Sessions sessions, Clocks clocks, ILogger<ProviderReturn> log)
{
    /// <summary>In what travels with a person: the hash of the session that is to be confirmed, and whose it is.</summary>
    public const string SessionItem = "session";

    public const string PersonItem = "person";

    private const string Email = "email";

    /// <summary>Sends the browser to the page that says in words how it ended.</summary>
    public static void End(HandleRequestContext<RemoteAuthenticationOptions> context, string outcome)
    {
        context.Response.Redirect($"/signed-in?outcome={outcome}");
        context.HandleResponse();
    }

    public void Fail(RemoteFailureContext context)
    {
        LogFailure(context.Failure?.Message ?? "no reason");
        End(context, "failed");
    }

    public async Task TakeAsync(TicketReceivedContext context)
    {
        var items = context.Properties!.Items;
        var outcome = IdentityOf(context.Principal!) is not { } identity ? "nameless"
            : items.TryGetValue(SessionItem, out var session) ? await ConfirmAsync(context, (session!, items[PersonItem]!), identity)
            : await OpenAsync(context, identity);
        if (outcome is not null)
        {
            End(context, outcome);
            return;
        }

        context.Response.Redirect(context.ReturnUri ?? "/");
        context.HandleResponse();
    }

    /// <summary>Who the provider says it is; null where it gives no name that can be relied on.</summary>
    public Identity? IdentityOf(ClaimsPrincipal person)
    {
        var isReliable = provider.NameClaim != Email || string.Equals(person.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase);
        var name = person.FindFirstValue(provider.NameClaim);
        return isReliable && name is { Length: > 0 and <= 200 } && !name.Any(char.IsControl) && !name.StartsWith("oidc:", StringComparison.Ordinal) && person.FindFirstValue("sub") is { Length: > 0 } subject
            ? new Identity(IdentityWay.Provider, name, subject) { Groups = GroupsOf(person) }
            : null;
    }

    private ImmutableArray<string> GroupsOf(ClaimsPrincipal person) => [.. person.FindAll(provider.GroupsClaim).Select(claim => $"oidc:{claim.Value}").Distinct().Order(StringComparer.Ordinal)];

    private async Task<string?> OpenAsync(TicketReceivedContext context, Identity identity)
    {
        if (people.Known(identity.Id, identity.Groups) is not { } actor)
        {
            LogStranger(identity.Id);
            return "stranger";
        }

        var opened = await sessions.OpenAsync(actor, identity, ProviderTokens.Of(context.Properties!), context.HttpContext.RequestAborted);
        Cookies.Set(context.HttpContext, opened.Text);
        return null;
    }

    /// <summary>Another person, or one whom the provider did not ask just now, confirms nothing.</summary>
    private async Task<string?> ConfirmAsync(TicketReceivedContext context, (string Sha256, string Subject) session, Identity identity)
    {
        var askedAt = long.TryParse(context.Principal!.FindFirstValue("auth_time"), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.MinValue;
        if (identity.Proof != session.Subject || clocks.Real.GetUtcNow() - askedAt > Session.Confirmed)
        {
            return "unconfirmed";
        }

        await sessions.ConfirmHashAsync(session.Sha256, context.HttpContext.RequestAborted);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in at the provider failed: {Reason}")]
    private partial void LogFailure(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} signed in at the provider, and has no role here")]
    private partial void LogStranger(string name);
}
