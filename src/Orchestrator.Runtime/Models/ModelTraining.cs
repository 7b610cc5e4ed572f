using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Runners;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What is to be trained, and on which rows.</summary>
/// <param name="Key">Idempotency key: under one key one version is registered.</param>
/// <param name="Dataset">The dataset that the model file names where it is absent.</param>
/// <param name="DatasetVersion">The current one where it is absent.</param>
/// <param name="Folder">For what does not fit into memory.</param>
public sealed record TrainingRequest(string Key, string Model, string? Dataset, string? DatasetVersion, DateTimeOffset At, string Folder)
{
    /// <summary>Whether who asks still holds the work, asked when the result is registered.</summary>
    public Func<Transaction, bool> Holds { get; init; } = _ => true;
}

/// <summary>What became of a training that was asked for.</summary>
internal abstract record TrainingOutcome
{
    private TrainingOutcome()
    {
    }

    public sealed record Trained(ModelVersion Version) : TrainingOutcome;

    /// <summary>A command handed the work on; its end is told by a callback, within the time that the model file allows.</summary>
    public sealed record Elsewhere(string Runner, string Running, string Log, string Dataset, string DatasetVersion, TimeSpan Within) : TrainingOutcome;
}

/// <summary>Trains a version of a model on a dataset version and registers it.</summary>
public sealed class ModelTraining(Authored authored, DatasetAccess access, ArtifactStore artifacts, Database database, RunnerRuns runners)
{
    private readonly CommandTraining _command = new(runners, artifacts);

    /// <summary>Trains to the end; throws <see cref="DatasetException"/>, with the place in the model file, where model or rows cannot be trained.</summary>
    public async Task<ModelVersion> TrainAsync(TrainingRequest request, CancellationToken cancellation) =>
        await StartAsync(request, null, cancellation) is TrainingOutcome.Trained trained ? trained.Version : throw new System.Diagnostics.UnreachableException();

    /// <summary>Trains to the end, or starts what goes on elsewhere where the runner may call back; throws <see cref="DatasetException"/> where neither can be.</summary>
    /// <param name="elsewhere">Where files of work that goes on lie, and where its end is told; null where it may not go on.</param>
    internal async Task<TrainingOutcome> StartAsync(TrainingRequest request, ElsewherePlace? elsewhere, CancellationToken cancellation)
    {
        var model = authored.Model(request.Model) ?? throw new DatasetException($"there is no model \"{request.Model}\"");
        var training = model.Train ?? throw Located(model, new TrainingException("TRAIN020", "the model file says nothing of training", "train: {runner, dataset}"));
        try
        {
            return database.Read(connection => ModelStore.ByKey(connection, request.Key)) is { } known
                ? new TrainingOutcome.Trained(known)
                : await TrainAsync((request, model, training), elsewhere, cancellation);
        }
        catch (Exception error) when (error is TrainingException or CommandException)
        {
            throw Located(model, error);
        }
    }

    private async Task<TrainingOutcome> TrainAsync((TrainingRequest Request, ModelFile Model, Training Training) asked, ElsewherePlace? elsewhere, CancellationToken cancellation)
    {
        var (request, model, training) = asked;
        var (version, rows) = await LoadAsync(request, model, training.Dataset, cancellation);
        if (training.Runner == Training.InTheBox)
        {
            return await RegisterAsync(asked, version, await InTheBoxAsync(model, rows, cancellation), cancellation);
        }

        var mayGoOn = elsewhere is not null && runners.Find(training.Runner).SecretFile is not null;
        var folder = mayGoOn ? elsewhere!.Folder : Path.Combine(request.Folder, "train");
        var handed = mayGoOn ? elsewhere!.Callback : null;
        return await _command.TrainAsync(model, (version.Dataset, version.Id, rows), (folder, handed), cancellation) switch
        {
            CommandedTraining.Done done => await RegisterAsync(asked, version, done.Made, cancellation),
            CommandedTraining.Elsewhere gone => new TrainingOutcome.Elsewhere(training.Runner, gone.Running, gone.Log, version.Dataset, version.Id, training.Timeout ?? CommandTraining.UsualTime),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<TrainingOutcome> RegisterAsync(
        (TrainingRequest Request, ModelFile Model, Training Training) asked, DatasetVersion version, TrainedArtifact made, CancellationToken cancellation)
    {
        var (request, model, _) = asked;
        var trained = new TrainedModel(request.Key, model.Name, made.Digest, version.Dataset, version.Id, made.Description) { Predictions = made.Predictions };
        return new TrainingOutcome.Trained(await database.WriteAsync(transaction => Register(transaction, request, trained), cancellation));
    }

    private async Task<(DatasetVersion Version, FeatureRows Rows)> LoadAsync(TrainingRequest request, ModelFile model, string usual, CancellationToken cancellation)
    {
        var wish = new DatasetWish(request.Dataset ?? usual, request.At, request.DatasetVersion);
        using var opened = await access.OpenAsync(wish, request.Folder, cancellation);
        var version = opened.Version ?? throw new TrainingException("TRAIN022", $"the dataset \"{wish.Dataset}\" has no versions", "a dataset with split: train");
        var examples = Examples.Load(opened, model.Evaluate?.Holdout, cancellation);
        return (version, examples.Where(row => !examples.HeldOut[row]).Rows);
    }

    /// <summary>Only who holds the work registers: an attempt that was overtaken by another leaves nothing.</summary>
    private static ModelVersion Register(Transaction transaction, TrainingRequest request, TrainedModel trained) =>
        request.Holds(transaction) ? ModelStore.Add(transaction, trained, request.At) : throw new StorageException("another attempt does this work now");

    private async Task<TrainedArtifact> InTheBoxAsync(ModelFile model, FeatureRows rows, CancellationToken cancellation)
    {
        var training = model.Train!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(training.Timeout ?? CommandTraining.UsualTime);
        try
        {
            var spec = TrainerSpec.Read(training, model.Task);
            var digest = await artifacts.PutAsync(Trainer.Train(spec, rows, limit.Token), cancellation);
            return new(digest, Json.Write(new { trainer = spec.Name, parameters = spec.Parameters }));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TrainingException("TRAIN021", $"the training took longer than {training.Timeout ?? CommandTraining.UsualTime}", "train: {timeout} says how long it may take");
        }
    }

    private static DatasetException Located(ModelFile model, Exception error)
    {
        var place = model.Source.At("train");
        return new DatasetException($"{model.Source.Path}:{place.Line}:{place.Column}: {error.Message}");
    }
}
