using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Scores each version by what fits it: in the box what was trained in the box.</summary>
public sealed class ModelScoring(ArtifactStore artifacts) : IScoring
{
    private readonly BoxScoring _box = new(artifacts);

    public Task<ModelScores> ScoreAsync(ScoringRequest request, CancellationToken cancellation) => _box.ScoreAsync(request, cancellation);
}
