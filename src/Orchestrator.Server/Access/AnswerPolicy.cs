namespace Orchestrator.Server.Access;

/// <summary>What browsers may do with the answers of an endpoint; one that says nothing of it is held to <see cref="Strict"/>.</summary>
/// <param name="Content">The Content-Security-Policy.</param>
internal sealed record AnswerPolicy(string Content)
{
    /// <summary>Stands in a policy for the nonce of the answer.</summary>
    public const string NonceMark = "{nonce}";

    /// <summary>A page runs its own script and style, talks to its own server, and is framed by nobody.</summary>
    public static readonly AnswerPolicy Strict = new(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /// <summary>Whether pages of this origin may show it in a frame.</summary>
    public bool MayBeFramed { get; init; }

    /// <summary>Whether it may be kept for as long as the endpoint says.</summary>
    public bool MayBeKept { get; init; }
}
