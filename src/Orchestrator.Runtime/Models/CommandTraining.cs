using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What a training made, whichever way.</summary>
/// <param name="Description">How it was trained, as JSON.</param>
/// <param name="Predictions">Artifact with predictions by row id; null where none came with it.</param>
internal sealed record TrainedArtifact(string Digest, string Description, string? Predictions = null);

/// <summary>How a command that trains ended.</summary>
internal abstract record CommandedTraining
{
    private CommandedTraining()
    {
    }

    public sealed record Done(TrainedArtifact Made) : CommandedTraining;

    /// <summary>The work goes on under this name, and its end is told by a callback.</summary>
    /// <param name="Log">Artifact with what the command printed.</param>
    public sealed record Elsewhere(string Running, string Log) : CommandedTraining;
}

/// <summary>Trains by a command of the operator's.</summary>
public sealed class CommandTraining(RunnerRuns runners, ArtifactStore artifacts)
{
    /// <summary>How long a command may train where the model file says nothing.</summary>
    public static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);

    /// <summary>Runs the command; throws <see cref="CommandException"/> where it fails or gives no artifact, <see cref="TrainingException"/> where there is no such runner.</summary>
    /// <param name="callback">Where the work may go on elsewhere; null where it may not.</param>
    internal async Task<CommandedTraining> TrainAsync(
        ModelFile model, (string Dataset, string Version, FeatureRows Rows) on, (string Folder, HandedCallback? Callback) into, CancellationToken cancellation)
    {
        var (training, folder) = (model.Train!, into.Folder);
        var spec = runners.Find(training.Runner);
        Directory.CreateDirectory(folder);
        var rows = await RowsFile.WriteAsync(on.Rows, withLabels: true, (folder, spec.Format), cancellation);
        var request = RunnerRequest.Of("train", model, rows, folder) with { Dataset = on.Dataset, DatasetVersion = on.Version, Parameters = training.Parameters, Callback = into.Callback };
        var limits = new CommandLimits(training.Timeout ?? UsualTime, training.MemoryBytes);
        var (result, output) = await runners.AskAsync(training.Runner, request, limits, cancellation);
        return into.Callback is not null && result.Running is { Length: > 0 } running
            ? new CommandedTraining.Elsewhere(running, await artifacts.PutTextAsync(output.Log, cancellation))
            : new CommandedTraining.Done(await KeepAsync(training, result.Done(training.Runner, output), (folder, output), cancellation));
    }

    /// <summary>Keeps what a training names that is done; throws <see cref="CommandException"/> where it names no file of the folder, or another digest.</summary>
    internal async Task<TrainedArtifact> KeepAsync(Training training, RunnerResult result, (string Folder, OutputTail Output) made, CancellationToken cancellation)
    {
        var (folder, output) = made;
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
