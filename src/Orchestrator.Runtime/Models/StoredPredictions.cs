using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What a version that cannot be run here said of rows before, by their ids.</summary>
public sealed class StoredPredictions(ArtifactStore artifacts) : IScoring
{
    public async Task<ModelScores> ScoreAsync(ScoringRequest request, CancellationToken cancellation)
    {
        await artifacts.ReadAsync(request.Version.Predictions!, cancellation);
        return PredictionsFile.Read(artifacts.PathOf(request.Version.Predictions!), request);
    }
}
