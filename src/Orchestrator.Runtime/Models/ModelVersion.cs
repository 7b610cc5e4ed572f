using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Runtime.Models;

/// <summary>A trained artifact of a model: what it was trained on, how, and what it measured.</summary>
/// <param name="Number">1 for the model's first version.</param>
/// <param name="Digest">SHA-256 of the artifact.</param>
/// <param name="DatasetVersion">The version of the training dataset; empty, as the dataset then is, where a version that was trained elsewhere does not say.</param>
/// <param name="Trainer">Name of the trainer and its parameters, as JSON.</param>
/// <param name="Metrics">Values by metric name, as last evaluated; empty before.</param>
public sealed record ModelVersion(
    string Model,
    int Number,
    string Digest,
    string Dataset,
    string DatasetVersion,
    string Trainer,
    ImmutableSortedDictionary<string, double> Metrics,
    DateTimeOffset CreatedAt)
{
    /// <summary>How predictions and people name it, such as <c>digits-3</c>.</summary>
    public string Id => FormattableString.Invariant($"{Model}-{Number}");

    /// <summary>Artifact with its predictions by row id; null where none came with it.</summary>
    public string? Predictions { get; init; }

    /// <summary>Whether the artifact was trained in the box, which alone can score with it.</summary>
    public bool IsOfTheBox => JsonElement.Parse(Trainer).TryGetProperty("trainer", out _);
}

/// <summary>A trained artifact that is not registered yet.</summary>
/// <param name="Key">Idempotency key of the training: registering twice under one key is registering once.</param>
public sealed record TrainedModel(string Key, string Model, string Digest, string Dataset, string DatasetVersion, string Trainer)
{
    /// <summary>Artifact with its predictions by row id; null where none came with it.</summary>
    public string? Predictions { get; init; }
}

/// <summary>A change of the champion.</summary>
/// <param name="From">The champion before; null where there was none.</param>
/// <param name="To">The champion after; null where there is none any more.</param>
public sealed record ChampionMove(string Model, int Sequence, MoveKind Kind, string? From, string? To, string Actor, string Reason, DateTimeOffset At);

/// <summary>Whether a champion was put in place or taken back.</summary>
public enum MoveKind
{
    Promotion,
    Rollback,
}
