using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>What is to be trained, and on which rows.</summary>
/// <param name="Key">Idempotency key: under one key one version is registered.</param>
/// <param name="Dataset">The dataset that the model file names where it is absent.</param>
/// <param name="DatasetVersion">The current one where it is absent.</param>
/// <param name="Folder">For what does not fit into memory.</param>
public sealed record TrainingRequest(string Key, string Model, string? Dataset, string? DatasetVersion, DateTimeOffset At, string Folder);

/// <summary>Trains a version of a model on a dataset version and registers it.</summary>
public sealed class ModelTraining(Authored authored, DatasetAccess access, ArtifactStore artifacts, Database database)
{
    /// <summary>Throws <see cref="DatasetException"/>, with the place in the model file, where model or rows cannot be trained.</summary>
    public async Task<ModelVersion> TrainAsync(TrainingRequest request, CancellationToken cancellation)
    {
        var model = authored.Model(request.Model) ?? throw new DatasetException($"there is no model \"{request.Model}\"");
        var training = model.Train ?? throw Located(model, new TrainingException("TRAIN020", "the model file says nothing of training", "train: {runner, dataset}"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(training.Timeout ?? Timeout.InfiniteTimeSpan);
        try
        {
            return await TrainAsync(request, model, training, limit.Token);
        }
        catch (TrainingException error)
        {
            throw Located(model, error);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Located(model, new TrainingException("TRAIN021", $"the training took longer than {training.Timeout}", "train: {timeout} says how long it may take"));
        }
    }

    private async Task<ModelVersion> TrainAsync(TrainingRequest request, ModelFile model, Training training, CancellationToken cancellation)
    {
        var spec = Spec(model, training);
        var wish = new DatasetWish(request.Dataset ?? training.Dataset, request.At, request.DatasetVersion);
        using var opened = await access.OpenAsync(wish, request.Folder, cancellation);
        var version = opened.Version ?? throw new TrainingException("TRAIN022", $"the dataset \"{wish.Dataset}\" has no versions", "a dataset with split: train");
        var examples = Examples.Load(opened, model.Evaluate?.Holdout, cancellation);
        var artifact = Trainer.Train(spec, examples.Where(row => !examples.HeldOut[row]).Rows, cancellation);
        var digest = await artifacts.PutAsync(artifact, cancellation);
        var description = Json.Write(new { trainer = spec.Name, parameters = spec.Parameters });
        var trained = new TrainedModel(request.Key, model.Name, digest, version.Dataset, version.Id, description);
        return await database.WriteAsync(transaction => ModelStore.Add(transaction, trained, request.At), cancellation);
    }

    private static TrainerSpec Spec(ModelFile model, Training training)
    {
        if (training.Runner != Training.InTheBox)
        {
            throw new TrainingException("TRAIN023", $"the runner \"{training.Runner}\" cannot be run by this release", $"allowed: {Training.InTheBox}");
        }

        return model.Task is ModelTask.Regression
            ? throw new TrainingException("TRAIN024", $"{Training.InTheBox} trains no regression", "task: binary or multiclass")
            : TrainerSpec.Read(training.Parameters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
    }

    private static DatasetException Located(ModelFile model, TrainingException error)
    {
        var place = model.Source.At("train");
        return new DatasetException($"{model.Source.Path}:{place.Line}:{place.Column}: {error.Message}");
    }
}
