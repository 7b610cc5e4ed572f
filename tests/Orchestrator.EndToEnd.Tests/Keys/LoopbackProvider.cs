using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orchestrator.EndToEnd.Tests.Keys;

/// <summary>A small OpenID Connect provider on loopback that holds callers to the code flow with PKCE; tests say who sits at the browser, and what it does wrong.</summary>
internal sealed class LoopbackProvider : IAsyncDisposable
{
    public const string ClientId = "orchestrator";
    public const string ClientSecret = "a secret of the client";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (Dictionary<string, string> Asked, Dictionary<string, object> Claims)> _codes = new();
    private readonly ConcurrentDictionary<string, Dictionary<string, object>> _refresh = new();
    private readonly WebApplication _app;
    private int _number;

    private LoopbackProvider(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.First();

    /// <summary>Who sits at the browser; null for somebody who says no.</summary>
    public Dictionary<string, object>? Person { get; set; }

    /// <summary>Claims in place of right ones, to see that they are looked at.</summary>
    public Dictionary<string, object> Wrong { get; } = [];

    /// <summary>Signs with a key that it does not publish.</summary>
    public bool ForgesSignatures { get; set; }

    /// <summary>Whether refresh tokens are still taken.</summary>
    public bool Renews { get; set; } = true;

    /// <summary>Whether it answers at all.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Every question that reached the page for people, by its parameters.</summary>
    public List<Dictionary<string, string>> Asked { get; } = [];

    public int Refreshed { get; private set; }

    public static async Task<LoopbackProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new LoopbackProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Describe);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        await app.StartAsync();
        return provider;
    }

    /// <summary>Forgets what a test told it.</summary>
    public void Reset()
    {
        (Person, ForgesSignatures, Renews, IsBroken, Refreshed) = (null, false, true, false, 0);
        Wrong.Clear();
        Asked.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Describe() => Results.Json(new Dictionary<string, object>
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = $"{Issuer}/authorize",
        ["token_endpoint"] = $"{Issuer}/token",
        ["jwks_uri"] = $"{Issuer}/keys",
        ["end_session_endpoint"] = $"{Issuer}/leave",
        ["response_types_supported"] = new[] { "code" },
        ["subject_types_supported"] = new[] { "public" },
        ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
    });

    private IResult Keys()
    {
        var published = _key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "one", alg = "RS256", n = Base64UrlEncoder.Encode(published.Modulus), e = Base64UrlEncoder.Encode(published.Exponent) } } });
    }

    /// <summary>Answers at once, as if the person had signed in before.</summary>
    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query.ToDictionary(field => field.Key, field => field.Value.ToString());
        Asked.Add(asked);
        var complete = asked.GetValueOrDefault("client_id") == ClientId && asked.GetValueOrDefault("response_type") == "code" && asked.GetValueOrDefault("code_challenge_method") == "S256"
            && asked.GetValueOrDefault("code_challenge") is { Length: 43 } && asked.ContainsKey("nonce") && asked.ContainsKey("state") && asked["scope"].Split(' ').Contains("openid");
        if (!complete)
        {
            return Results.BadRequest("the question is not complete");
        }

        var back = $"{asked["redirect_uri"]}?state={Uri.EscapeDataString(asked["state"])}";
        if (Person is null)
        {
            return Results.Redirect($"{back}&error=access_denied");
        }

        var code = $"code-{Interlocked.Increment(ref _number)}";
        _codes[code] = (asked, new Dictionary<string, object>(Person));
        return Results.Redirect($"{back}&code={code}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = (await request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString());
        if (IsBroken)
        {
            return Results.StatusCode(503);
        }

        if (form.GetValueOrDefault("client_id") != ClientId || form.GetValueOrDefault("client_secret") != ClientSecret)
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        }

        return form["grant_type"] == "refresh_token" ? Refresh(form) : Redeem(form);
    }

    private IResult Redeem(Dictionary<string, string> form)
    {
        // A code is good once, at the address that it was asked for, for whoever knows what the challenge was made of (RFC 7636).
        var isGood = _codes.TryRemove(form["code"], out var known) && known.Asked["redirect_uri"] == form["redirect_uri"]
            && Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form.GetValueOrDefault("code_verifier", "")))) == known.Asked["code_challenge"];
        return isGood ? Give(new Dictionary<string, object>(known.Claims) { ["nonce"] = known.Asked["nonce"] }) : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
    }

    /// <summary>A refresh token is good once, too.</summary>
    private IResult Refresh(Dictionary<string, string> form)
    {
        if (!Renews || !_refresh.TryRemove(form["refresh_token"], out var claims))
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        Refreshed++;
        return Give(new Dictionary<string, object>(Person ?? claims));
    }

    private IResult Give(Dictionary<string, object> claims)
    {
        foreach (var (name, value) in Wrong)
        {
            claims[name] = value;
        }

        var refresh = $"refresh-{Interlocked.Increment(ref _number)}";
        _refresh[refresh] = claims;
        using var other = RSA.Create(2048);
        var signing = new SigningCredentials(new RsaSecurityKey((ForgesSignatures ? other : _key).ExportParameters(includePrivateParameters: true)) { KeyId = "one" }, SecurityAlgorithms.RsaSha256);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var all = new Dictionary<string, object> { ["iss"] = Issuer, ["aud"] = ClientId, ["iat"] = now, ["exp"] = now + 300, ["auth_time"] = now };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(System.Text.Json.JsonSerializer.Serialize(all), signing);
        return Results.Json(new { access_token = "access", token_type = "Bearer", expires_in = 300, id_token = token, refresh_token = refresh });
    }
}
