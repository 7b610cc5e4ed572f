using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What the champion says of rows.</summary>
public sealed record ScoredRows(IReadOnlyList<float[]> Probabilities, IReadOnlyList<string> Predictions);

/// <summary>Scores rows with the model that serves.</summary>
public sealed class ChampionScores(ArtifactStore artifacts, Database database)
{
    /// <summary>Null where nothing serves; throws <see cref="DatasetException"/> where the champion cannot score the rows.</summary>
    public async Task<ScoredRows?> OfAsync(ModelFile? model, FeatureRows rows, CancellationToken cancellation)
    {
        if (model is null || database.Read(connection => ChampionStore.Champion(connection, model.Name) is { } id ? ModelStore.Find(connection, id) : null) is not { } champion)
        {
            return null;
        }

        var scorer = Scorer.Load(await artifacts.ReadAsync(champion.Digest, cancellation));
        try
        {
            var probabilities = scorer.Probabilities(rows);
            return new(probabilities, [.. probabilities.Select(scorer.Prediction)]);
        }
        catch (TrainingException error)
        {
            throw new DatasetException($"{champion.Id} cannot score the rows: {error.Message}");
        }
    }
}
