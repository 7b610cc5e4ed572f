using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What a training made, whichever way.</summary>
/// <param name="Description">How it was trained, as JSON.</param>
/// <param name="Predictions">Artifact with predictions by row id; null where none came with it.</param>
internal sealed record TrainedArtifact(string Digest, string Description, string? Predictions = null);

/// <summary>Trains by a command of the operator's.</summary>
public sealed class CommandTraining(RunnerRuns runners, ArtifactStore artifacts)
{
    /// <summary>How long a command may train where the model file says nothing.</summary>
    public static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);

    /// <summary>Throws <see cref="CommandException"/> where the command fails or gives no artifact, <see cref="TrainingException"/> where there is no such runner.</summary>
    internal async Task<TrainedArtifact> TrainAsync(
        ModelFile model, (string Dataset, string Version, FeatureRows Rows) on, string folder, CancellationToken cancellation)
    {
        var training = model.Train!;
        var spec = runners.Find(training.Runner);
        Directory.CreateDirectory(folder);
        var rows = await RowsFile.WriteAsync(on.Rows, withLabels: true, (folder, spec.Format), cancellation);
        var request = RunnerRequest.Of("train", model, rows, folder) with { Dataset = on.Dataset, DatasetVersion = on.Version, Parameters = training.Parameters };
        var limits = new CommandLimits(training.Timeout ?? UsualTime, training.MemoryBytes);
        var (result, output) = await runners.AskAsync(training.Runner, request, limits, cancellation);
        var digest = await KeepAsync(RunnerResult.FileOf(result.Artifact, ("artifact", folder), training.Runner, output), cancellation);
        if (result.Sha256 is { } stated && !string.Equals(stated, digest, StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandException(training.Runner, new("RUN010", $"it states the digest {stated}, but its artifact has {digest}"), output);
        }

        var predictions = result.Predictions is null ? null : await KeepAsync(RunnerResult.FileOf(result.Predictions, ("predictions", folder), training.Runner, output), cancellation);
        var log = await artifacts.PutTextAsync(output.Log, cancellation);
        return new(digest, Json.Write(new { runner = training.Runner, training.Parameters, result.Metrics, log }), predictions);
    }

    private async Task<string> KeepAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return await artifacts.PutAsync(file, cancellation);
    }
}
