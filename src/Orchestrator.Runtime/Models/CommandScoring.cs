using System.Diagnostics;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Scores by a command of the operator's; it does not see the labels.</summary>
public sealed class CommandScoring(RunnerRuns runners, ArtifactStore artifacts) : IScoring
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    public async Task<ModelScores> ScoreAsync(ScoringRequest request, CancellationToken cancellation)
    {
        var runner = request.Model.Score!.Runner;
        var folder = Directory.CreateDirectory(Path.Combine(request.Folder, $"score-{request.Version.Id}")).FullName;
        var artifact = Path.Combine(folder, "artifact");
        await File.WriteAllBytesAsync(artifact, await artifacts.ReadAsync(request.Version.Digest, cancellation), cancellation);
        var rows = await RowsFile.WriteAsync(request.Rows, withLabels: false, (folder, runners.Find(runner).Format), cancellation);
        var asked = RunnerRequest.Of("score", request.Model, rows, folder) with { Version = request.Version.Id, Artifact = artifact };
        try
        {
            var started = Stopwatch.GetTimestamp();
            var (result, output) = await runners.AskAsync(runner, asked, new CommandLimits(Limit), cancellation);
            var took = result.Seconds ?? Stopwatch.GetElapsedTime(started).TotalSeconds;
            var file = RunnerResult.FileOf(result.Done(runner, output).Predictions, ("predictions", folder), runner, output);
            return PredictionsFile.Read(file, request) with { Seconds = took };
        }
        catch (CommandException error)
        {
            throw new DatasetException($"{request.Version.Id} cannot score the rows: {error.Message}");
        }
    }
}
