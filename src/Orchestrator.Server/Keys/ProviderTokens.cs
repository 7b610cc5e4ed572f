using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Server.Keys;

/// <summary>Asks the provider, by the refresh token that it gave, whether it still knows a person; so a session goes on without anybody seeing it.</summary>
internal sealed partial class ProviderTokens(
    ProviderSpec provider, IServiceProvider parts, IOptionsMonitor<OpenIdConnectOptions> options, Sessions sessions, Node node, ILogger<ProviderTokens> log)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _asking = new(StringComparer.Ordinal);

    /// <summary>What is kept of a person's tokens; null where the provider gave none that is of use later.</summary>
    public static string? Of(AuthenticationProperties properties) =>
        new Kept(properties.GetTokenValue(OpenIdConnectParameterNames.RefreshToken), properties.GetTokenValue(OpenIdConnectParameterNames.IdToken)) is { } kept && (kept.Refresh ?? kept.Id) is not null ? Json.Write(kept) : null;

    /// <summary>The client's secret, read anew each time; null for a public client. Throws <see cref="IOException"/> where the file has none.</summary>
    public string? Secret() => provider.ClientSecretFile is not { } path ? null
        : SecretFile.TryRead(node.Options.Root, path, out var secret, out var fault) ? secret
        : throw new IOException(fault);

    /// <summary>What the provider says of the person whose session it is. Two pages that ask at once are one question: a refresh token is taken once.</summary>
    public async Task<ProviderAnswer> AskAsync(string cookie, CancellationToken cancellation)
    {
        var name = Sessions.HashOf(cookie);
        var turn = _asking.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            return sessions.Find(cookie) is not { } session ? ProviderAnswer.Unknown
                : !sessions.IsToAsk(session) || Read(cookie) is not { Refresh: { } refresh } kept ? ProviderAnswer.Known
                : await RefreshAsync(cookie, session, kept with { Refresh = refresh }, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException or ArgumentException or JsonException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogSilence(error.Message);
            return ProviderAnswer.Silent;
        }
        finally
        {
            turn.Release();
            _asking.TryRemove(name, out _);
        }
    }

    /// <summary>Where a person signs out at the provider too; null where it has no such page, or cannot be asked.</summary>
    public async Task<string?> LeaveAsync(string cookie, string home, CancellationToken cancellation)
    {
        try
        {
            var configuration = await options.Get(ProviderSetup.Scheme).ConfigurationManager!.GetConfigurationAsync(cancellation);
            return string.IsNullOrEmpty(configuration.EndSessionEndpoint) ? null : new OpenIdConnectMessage
            {
                IssuerAddress = configuration.EndSessionEndpoint, ClientId = provider.ClientId, IdTokenHint = Read(cookie)?.Id, PostLogoutRedirectUri = home,
            }.CreateLogoutRequestUrl();
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException)
        {
            LogSilence(error.Message);
            return null;
        }
    }

    private Kept? Read(string cookie) => sessions.TokensOf(cookie) is { } text ? Json.Read<Kept>(text) : null;

    private async Task<ProviderAnswer> RefreshAsync(string cookie, Session session, Kept kept, CancellationToken cancellation)
    {
        var oidc = options.Get(ProviderSetup.Scheme);
        var configuration = await oidc.ConfigurationManager!.GetConfigurationAsync(cancellation);
        var said = await PostAsync(oidc, configuration.TokenEndpoint, kept.Refresh!, cancellation);
        if (said is null or { Error: not null })
        {
            return said?.Error == "invalid_grant" ? ProviderAnswer.Unknown : ProviderAnswer.Silent;
        }

        var groups = said.IdToken is null ? session.Identity.Groups : await GroupsOfAsync(oidc, configuration, said.IdToken, session);
        if (groups is not { } known)
        {
            return ProviderAnswer.Unknown;
        }

        await sessions.KeepAnswerAsync(cookie, known, Json.Write(new Kept(said.RefreshToken ?? kept.Refresh, said.IdToken ?? kept.Id)), cancellation);
        return sessions.Find(cookie) is null ? ProviderAnswer.Unknown : ProviderAnswer.Known;
    }

    /// <summary>What the provider answers; null where that is no answer of the protocol.</summary>
    private async Task<OpenIdConnectMessage?> PostAsync(OpenIdConnectOptions oidc, string address, string refresh, CancellationToken cancellation)
    {
        var question = new OpenIdConnectMessage { ClientId = provider.ClientId, ClientSecret = Secret(), GrantType = OpenIdConnectGrantTypes.RefreshToken, RefreshToken = refresh };
        using var form = new FormUrlEncodedContent(question.Parameters.Where(field => field.Value is not null));
        using var answer = await oidc.Backchannel.PostAsync(new Uri(address), form, cancellation);
        var isAnswer = answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.BadRequest;
        var said = isAnswer ? new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(cancellation)) : null;
        if (said is null or { Error: not null })
        {
            LogSilence(said?.Error ?? answer.StatusCode.ToString());
        }

        return said;
    }

    /// <summary>The groups of a new token; null where it is not valid, or another person's.</summary>
    private async Task<ImmutableArray<string>?> GroupsOfAsync(OpenIdConnectOptions oidc, OpenIdConnectConfiguration configuration, string token, Session session)
    {
        var rules = oidc.TokenValidationParameters.Clone();
        rules.ValidIssuer = configuration.Issuer;
        rules.IssuerSigningKeys = configuration.SigningKeys;
        var result = await oidc.TokenHandler.ValidateTokenAsync(token, rules);
        var identity = result.IsValid ? parts.GetRequiredService<ProviderReturn>().IdentityOf(new ClaimsPrincipal(result.ClaimsIdentity)) : null;
        return identity?.IsSame(session.Identity) == true ? identity.Groups : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider did not renew a session: {Reason}")]
    private partial void LogSilence(string reason);

    private sealed record Kept(string? Refresh, string? Id);
}

/// <summary>What a provider says when it is asked again.</summary>
internal enum ProviderAnswer
{
    Known,

    /// <summary>The person may not come in any more.</summary>
    Unknown,

    /// <summary>It did not answer: the session stays as it is, and is not made longer.</summary>
    Silent,
}
