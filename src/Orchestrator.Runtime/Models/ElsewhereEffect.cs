using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Does what follows from the end of a training elsewhere: keeps what it made, or tells its command to stop it.</summary>
public sealed class ElsewhereEffect(ElsewhereDesk desk, Database database, ArtifactStore artifacts, RunnerRuns runners, Authored authored) : IEffectHandler
{
    public const string KindName = "elsewhere";

    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(1);

    private readonly CommandTraining _command = new(runners, artifacts);

    public string Kind => KindName;

    public static Effect AskFinish(ElsewhereTraining training, DateTimeOffset at) => new($"{KindName}:{training.Id}:finish", KindName, training.InstanceId, Json.Write(new Body(training.Id, IsEnd: true)), at);

    public static Effect AskStop(ElsewhereTraining training, DateTimeOffset at) => new($"{KindName}:{training.Id}:stop", KindName, training.InstanceId, Json.Write(new Body(training.Id, IsEnd: false)), at);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<Body>(attempt.Effect.Body);
        var training = database.Read(connection => ElsewhereStore.Find(connection, body.Id))!;
        return body.IsEnd ? await FinishAsync(training, cancellation).ConfigureAwait(false) : await StopAsync(training, cancellation).ConfigureAwait(false);
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        var body = Json.Read<Body>(effect.Body);
        if (body.IsEnd && ElsewhereStore.Find(transaction.Connection, body.Id) is { } training)
        {
            desk.Fail(transaction, training, $"what it made could not be kept: {reason}");
        }
    }

    private async Task<EffectOutcome> FinishAsync(ElsewhereTraining training, CancellationToken cancellation)
    {
        if (training.State != "answered")
        {
            return new EffectOutcome.Done("{}", _ => { });
        }

        try
        {
            var made = await KeepAsync(training, Json.Read<RunnerResult>(training.Answer!), cancellation).ConfigureAwait(false);
            var trained = new TrainedModel(training.Key, training.Model, made.Digest, training.Dataset, training.DatasetVersion, made.Description) { Predictions = made.Predictions };
            return Ended(training, transaction => desk.Finish(transaction, training, trained));
        }
        catch (CommandException error)
        {
            return Ended(training, transaction => desk.Fail(transaction, training, error.Message));
        }
    }

    private Task<TrainedArtifact> KeepAsync(ElsewhereTraining training, RunnerResult result, CancellationToken cancellation)
    {
        var model = authored.Model(training.Model)?.Train ?? throw new CommandException(training.Runner, new("RUN013", $"the model {training.Model} is not trained any more"), "");
        return result.Error is { } error
            ? throw new CommandException(training.Runner, new("RUN013", $"\"{training.Running}\" failed: {error}"), "")
            : _command.KeepAsync(model with { Runner = training.Runner }, result, (training.Folder, new OutputTail()), cancellation);
    }

    /// <summary>Runs the command with a request to stop what it started.</summary>
    private async Task<EffectOutcome> StopAsync(ElsewhereTraining training, CancellationToken cancellation)
    {
        try
        {
            if (authored.Model(training.Model) is { } model)
            {
                var folder = Directory.CreateDirectory(Path.Combine(training.Folder, "stop")).FullName;
                var request = new RunnerRequest(1, "cancel", training.Model, Predicted.Of(model.Task), new("", RowFormat.Csv, 0), new("", null, []), folder, Path.Combine(folder, RunnerRequest.Answer)) { Running = training.Running };
                await runners.TellAsync(training.Runner, request, new CommandLimits(StopTime), cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is CommandException or TrainingException)
        {
            return new EffectOutcome.Retry(error.Message);
        }

        return Ended(training, _ => { });
    }

    private static EffectOutcome.Done Ended(ElsewhereTraining training, Action<Transaction> apply) => new("{}", transaction =>
    {
        apply(transaction);
        transaction.AfterCommit(() => ElsewherePlace.Drop(training.Folder));
    });

    private sealed record Body(string Id, bool IsEnd);
}
