using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Server.Access;

/// <summary>Recognises callers by <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>, tools that know only names and passwords by the key as password, and browsers by the cookie of their session.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "key";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Recognise());

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        Response.Headers.WWWAuthenticate = "Bearer realm=\"orchestrator\"";
        var sentence = result.Failure?.Message ?? "This request carries no API key.";
        await Problems.WriteAsync(
            Context, Problems.Of(401, sentence, "Send the header \"Authorization: Bearer KEY\"; the first admin key is in the file admin.key of the workspace."));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<NeededRole>();
        var caller = Context.User.Actor();
        var sentence = needed is null
            ? "Nobody may call this endpoint."
            : $"This needs the role {Roles.Word(needed.Role)}{(caller.MaySomewhere(needed.Role) ? " for every model" : "")}; {(Context.User.Session() is null ? "the key of " : "")}{caller.Name} has {Roles.Words(caller)}.";
        return Problems.WriteAsync(Context, Problems.Of(403, sentence, Context.User.Session() is null ? "Ask an admin for a key with that role." : "Ask an admin for that role."));
    }

    private AuthenticateResult Recognise()
    {
        var sent = Sent();
        if (sent.Count == 0)
        {
            return Cookies.Text(Request) is { } text ? RecogniseSession(text) : AuthenticateResult.NoResult();
        }

        if (sent.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            return AuthenticateResult.Fail("This request carries two different API keys.");
        }

        return keys.Find(sent[0]) is { } key
            ? AuthenticateResult.Success(new AuthenticationTicket(Roles.Principal(key), Name))
            : AuthenticateResult.Fail("The API key of this request is not known, or it was revoked.");
    }

    private AuthenticateResult RecogniseSession(string text) =>
        sessions.Find(text) is not { } session ? AuthenticateResult.Fail("The session has ended.")
        : !Cookies.IsFromOwnPage(Request) ? AuthenticateResult.Fail(Cookies.ForeignPage)
        : AuthenticateResult.Success(new AuthenticationTicket(Roles.Principal(session), Name));

    /// <summary>The password of <c>user:password</c> in Base64; the text itself, which no key is, where it is none.</summary>
    private static string Password(string encoded)
    {
        var bytes = new byte[encoded.Length];
        var pair = Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : encoded;
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private List<string> Sent()
    {
        var bearer = Request.Headers.Authorization.OfType<string>().Where(value => value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            .Select(value => value[Bearer.Length..].Trim());
        var basic = Request.Headers.Authorization.OfType<string>().Where(value => value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            .Select(value => Password(value[Basic.Length..].Trim()));
        return [.. bearer.Concat(basic).Concat(Request.Headers["X-Api-Key"].OfType<string>()).Where(key => key.Length > 0)];
    }
}
