using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What the champion says of rows.</summary>
/// <param name="Probabilities">One probability a class for each row; empty where the model gives none.</param>
public sealed record ScoredRows(IReadOnlyList<double[]> Probabilities, IReadOnlyList<string> Predictions);

/// <summary>Scores rows with the model that serves.</summary>
public sealed class ChampionScores(IScoring scoring, Database database)
{
    /// <summary>Null where nothing serves or numbers are predicted, which have no probabilities; throws <see cref="DatasetException"/> where the champion cannot score the rows.</summary>
    /// <param name="folder">For what scoring writes.</param>
    public async Task<ScoredRows?> OfAsync(ModelFile? model, FeatureRows rows, string folder, CancellationToken cancellation)
    {
        if (model is null or { Task: ModelTask.Regression } || database.Read(connection => ChampionStore.Champion(connection, model.Name) is { } id ? ModelStore.Find(connection, id) : null) is not { } champion)
        {
            return null;
        }

        try
        {
            var scores = await scoring.ScoreAsync(new ScoringRequest(model, champion, rows, folder), cancellation);
            return new(scores.Probabilities, scores.Predictions ?? [.. scores.Probabilities.Select(row => scores.Classes[Array.IndexOf(row, row.Max())])]);
        }
        catch (TrainingException error)
        {
            throw new DatasetException($"{champion.Id} cannot score the rows: {error.Message}");
        }
    }
}
