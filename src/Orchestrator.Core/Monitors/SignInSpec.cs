using System.Collections.Immutable;

namespace Orchestrator.Core.Monitors;

/// <summary>How people sign in beside API keys.</summary>
/// <param name="PasswordsFile">A file of lines <c>NAME:HASH</c>; null where nobody signs in with a password.</param>
public sealed record SignInSpec(string? PasswordsFile)
{
    public static SignInSpec KeysOnly { get; } = new((string?)null);

    /// <summary>The provider that knows people; null where there is none.</summary>
    public ProviderSpec? Provider { get; init; }
}

/// <summary>An OpenID Connect provider, asked by the authorization code flow with PKCE.</summary>
/// <param name="Authority">Its issuer; what is there to know of it stands under <c>/.well-known/openid-configuration</c>.</param>
/// <param name="ClientSecretFile">A file that holds the client's secret; null for a public client.</param>
public sealed record ProviderSpec(string Authority, string ClientId, string? ClientSecretFile)
{
    /// <summary>What people know it as.</summary>
    public string Title { get; init; } = "Single sign-on";

    /// <summary>The claim that names a person in the audit; an e-mail address counts only where the provider says that it is verified.</summary>
    public string NameClaim { get; init; } = "email";

    /// <summary>The claim that lists a person's groups; each is known here as <c>oidc:GROUP</c>.</summary>
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>What is asked for beside <c>openid</c>.</summary>
    public ImmutableArray<string> Scopes { get; init; } = ["profile", "email"];
}

/// <summary>What a person may do who signs in without a key.</summary>
/// <param name="Roles">For every model.</param>
public sealed record PersonSpec(ImmutableArray<string> Roles)
{
    /// <summary>Roles for single models, by the model's name.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Models { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The words for roles.</summary>
    public static readonly ImmutableArray<string> Words = ["viewer", "labeler", "pusher", "approver", "author", "admin"];
}
