using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>The OpenID Connect provider of the operator's file, asked by the framework's own handler: code flow with PKCE, state and nonce.</summary>
internal static class ProviderSetup
{
    public const string Scheme = "provider";
    public const string CallbackPath = "/api/session/provider/callback";

    public static void Add(IServiceCollection services, NodeOptions options)
    {
        if (options.Operator.SignIn.Provider is not { } provider)
        {
            return;
        }

        services.TryAddSingleton(options.Real);
        services.AddSingleton(HtmlEncoder.Default);
        services.AddSingleton<IAuthenticationConfigurationProvider, NoSettings>();
        // Protects what is on its way to the provider and back: whoever is there while the server restarts begins anew.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddSingleton(provider);
        services.AddSingleton<ProviderReturn>();
        services.AddSingleton<ProviderTokens>();
        services.AddTransient<OpenIdConnectHandler>();
        new AuthenticationBuilder(services).AddOpenIdConnect(Scheme, oidc => Configure(oidc, provider, options));
    }

    private static void Configure(OpenIdConnectOptions oidc, ProviderSpec provider, NodeOptions options)
    {
        oidc.Authority = provider.Authority;
        oidc.ClientId = provider.ClientId;
        oidc.RequireHttpsMetadata = !new Uri(provider.Authority).IsLoopback;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.SaveTokens = true;
        oidc.MapInboundClaims = false;
        oidc.SkipUnrecognizedRequests = true;
        oidc.SignInScheme = KeyAuthentication.Name;
        oidc.CallbackPath = CallbackPath;
        oidc.RemoteSignOutPath = PathString.Empty;
        oidc.SignedOutCallbackPath = PathString.Empty;
        oidc.BackchannelTimeout = options.Patience;
        oidc.Scope.Clear();
        foreach (var scope in provider.Scopes.Prepend(OpenIdConnectScope.OpenId))
        {
            oidc.Scope.Add(scope);
        }

        foreach (var cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        oidc.Events = Events(options);
    }

    /// <summary>The handler would read settings files; everything that there is to say stands in the operator's file.</summary>
    private sealed class NoSettings : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }

    private static OpenIdConnectEvents Events(NodeOptions options) => new()
    {
        OnRedirectToIdentityProvider = context =>
        {
            if (options.Operator.PublicUrl is { } address)
            {
                context.ProtocolMessage.RedirectUri = address + CallbackPath;
            }

            return Task.CompletedTask;
        },
        OnAuthorizationCodeReceived = context =>
        {
            context.TokenEndpointRequest!.ClientSecret = context.HttpContext.RequestServices.GetRequiredService<ProviderTokens>().Secret();
            return Task.CompletedTask;
        },
        OnTicketReceived = context => context.HttpContext.RequestServices.GetRequiredService<ProviderReturn>().TakeAsync(context),
        OnAccessDenied = context =>
        {
            ProviderReturn.End(context, "denied");
            return Task.CompletedTask;
        },
        OnRemoteFailure = context =>
        {
            context.HttpContext.RequestServices.GetRequiredService<ProviderReturn>().Fail(context);
            return Task.CompletedTask;
        },
    };
}
