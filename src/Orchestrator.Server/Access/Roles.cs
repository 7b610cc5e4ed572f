using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Server.Access;

/// <summary>The role that an endpoint needs, and for what.</summary>
internal sealed record NeededRole(Role Role, About About);

/// <summary>An endpoint that needs no key, and why.</summary>
public sealed record OpenToAll(string Reason);

/// <summary>Which role may call what: an endpoint that declares none may be called by nobody.</summary>
internal static class Roles
{
    /// <summary>Denies every endpoint; answers that no endpoint gave (404, 405) are for any key.</summary>
    public static readonly AuthorizationPolicy Fallback = new AuthorizationPolicyBuilder(KeyAuthentication.Name)
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
        .Build();

    /// <summary>The role has to hold for every model.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder => endpoint.Needs(role, About.Everywhere);

    /// <summary>The role has to hold for the models of what the endpoint is about; <see cref="ModelGate"/> sees to it.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role, About scope)
        where TBuilder : IEndpointConventionBuilder
    {
        var policy = new AuthorizationPolicyBuilder(KeyAuthentication.Name)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.Identity is Caller caller && (scope == About.Everywhere ? caller.Who.May(role) : caller.Who.MaySomewhere(role)))
            .Build();
        return endpoint.RequireAuthorization(policy).WithMetadata(new NeededRole(role, scope));
    }

    public static TBuilder NeedsNoKey<TBuilder>(this TBuilder endpoint, string reason)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AllowAnonymous().WithMetadata(new OpenToAll(reason));

    public static ClaimsPrincipal Principal(ApiKey key) => new(new Caller(Runtime.Keys.Actor.Of(key), key, null));

    public static ClaimsPrincipal Principal(Session session) => new(new Caller(session.Actor, null, session));

    public static Actor Actor(this ClaimsPrincipal user) =>
        (user.Identity as Caller)?.Who ?? throw new InvalidOperationException("nobody was recognised by this request");

    /// <summary>Null where the request came with a session.</summary>
    public static ApiKey? Key(this ClaimsPrincipal user) => (user.Identity as Caller)?.Key;

    /// <summary>Null where the request came with a key, not with a session.</summary>
    public static Session? Session(this ClaimsPrincipal user) => (user.Identity as Caller)?.Session;

    public static string Word(Role role) => role.ToString().ToLowerInvariant();

    public static string Words(Actor actor) => string.Join("; ", new[] { Words(actor.Roles) }.Where(words => words.Length > 0).Concat(actor.Models.Select(model => $"{Words(model.Value)} for {model.Key}")).DefaultIfEmpty("none"));

    private static string Words(IEnumerable<Role> roles) => string.Join(", ", roles.Select(Word));

    private sealed class Caller(Actor actor, ApiKey? key, Session? session) : ClaimsIdentity([new Claim(ClaimTypes.Name, actor.Name)], KeyAuthentication.Name)
    {
        public Actor Who { get; } = actor;

        public ApiKey? Key { get; } = key;

        public Session? Session { get; } = session;
    }
}
