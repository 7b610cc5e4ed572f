using System.Diagnostics;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Scores with what was trained in the box.</summary>
public sealed class BoxScoring(ArtifactStore artifacts) : IScoring
{
    public async Task<ModelScores> ScoreAsync(ScoringRequest request, CancellationToken cancellation)
    {
        var scorer = Scorer.Load(await artifacts.ReadAsync(request.Version.Digest, cancellation));
        cancellation.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        var scores = scorer.Score(request.Rows);
        return scores with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
    }
}
