using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Scores each version by what fits it: in the box what was trained there, else by the model file's command, else by the predictions that came with it.</summary>
public sealed class ModelScoring(ArtifactStore artifacts, RunnerRuns runners) : IScoring
{
    private readonly BoxScoring _box = new(artifacts);
    private readonly CommandScoring _command = new(runners, artifacts);
    private readonly StoredPredictions _stored = new(artifacts);

    public Task<ModelScores> ScoreAsync(ScoringRequest request, CancellationToken cancellation) => Of(request).ScoreAsync(request, cancellation);

    private IScoring Of(ScoringRequest request)
    {
        if (request.Version.IsOfTheBox)
        {
            return _box;
        }

        if (request.Model.Score is { } score && score.Runner != Training.InTheBox)
        {
            return _command;
        }

        return request.Version.Predictions is not null
            ? _stored
            : throw new TrainingException("TRAIN033", $"{request.Version.Id} was not trained in the box and came with no predictions", "score: {runner} in the model file says what scores it");
    }
}
