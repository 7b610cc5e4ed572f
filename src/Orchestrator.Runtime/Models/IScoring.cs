using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>Asks what one version of a model says of rows.</summary>
/// <param name="Folder">A folder of the caller's own, for what does not fit into memory and for what a command writes.</param>
public sealed record ScoringRequest(ModelFile Model, ModelVersion Version, FeatureRows Rows, string Folder);

/// <summary>What a model says of rows, in their order.</summary>
/// <param name="Classes">The classes in the order of the probabilities; empty where the model gives none.</param>
/// <param name="Probabilities">One probability a class for each row; empty where the model gives none.</param>
/// <param name="Seconds">How long scoring took; null where nothing was scored.</param>
public sealed record ModelScores(ImmutableArray<string> Classes, double[][] Probabilities, double? Seconds)
{
    /// <summary>The model's own word on each row; null where it follows from the probabilities.</summary>
    public ImmutableArray<string>? Predictions { get; init; }

    /// <summary>What the model says of one row: its own word, else the class with the highest probability, of equal ones the first.</summary>
    public string Prediction(int row) => Predictions is { } said ? said[row] : Classes[Array.IndexOf(Probabilities[row], Probabilities[row].Max())];
}

/// <summary>Scores rows with versions of models.</summary>
public interface IScoring
{
    /// <summary>Throws <see cref="TrainingException"/> or <see cref="Datasets.DatasetException"/> where the version cannot score the rows.</summary>
    Task<ModelScores> ScoreAsync(ScoringRequest request, CancellationToken cancellation);
}
