using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Deployments;

/// <summary>How far serving is with a change of the champion; the last three are final.</summary>
public enum DeploymentState
{
    /// <summary>The hook is being told.</summary>
    Telling,

    /// <summary>The hook knows; the version has not yet shown in the prediction log.</summary>
    Waiting,

    /// <summary>The hook knows, and no confirmation is asked for.</summary>
    Told,

    /// <summary>The version showed in the prediction log.</summary>
    Confirmed,

    /// <summary>The hook did not take it, or the version did not show in time.</summary>
    Failed,
}

/// <summary>A change of a champion as serving hears of it.</summary>
/// <param name="Key">Of the champion's move; what the hook knows the change by.</param>
/// <param name="Version">The version that is to serve; null where none is any more.</param>
/// <param name="Previous">The version that served before; null where there was none.</param>
/// <param name="ConfirmWithin">The time in which the version must show in the prediction log, once the hook knows; null where nothing is waited for.</param>
public sealed record Deployment(
    string Key, string Model, MoveKind Kind, string? Version, string? Digest, string? Previous, string Hook, TimeSpan? ConfirmWithin, DateTimeOffset OpenedAt)
{
    public DeploymentState State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Note { get; init; }

    public DateTimeOffset? ConfirmBy { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public bool IsOpen => State is DeploymentState.Telling or DeploymentState.Waiting;
}
