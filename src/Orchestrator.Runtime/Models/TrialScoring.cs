using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Trains aside on a draft of a dataset and compares the result with the champion as a challenger is compared; no version is registered.</summary>
public sealed class TrialScoring(Authored authored, DatasetAccess access, ArtifactStore artifacts, IScoring scoring, Database database, Clocks clocks)
{
    /// <summary>Throws <see cref="DatasetException"/> or <see cref="TrainingException"/> where it cannot be trained or compared.</summary>
    public async Task<ModelEvaluation> CompareAsync(ModelFile model, DraftVersion draft, string folder, CancellationToken cancellation)
    {
        var drafted = access.With(draft);
        var spec = TrainerSpec.Read(model.Train!, model.Task);
        var trained = await RowsAsync(drafted, model, draft.Version, folder, cancellation);
        var digest = await artifacts.PutAsync(Trainer.Train(spec, trained, cancellation), cancellation);
        var version = new ModelVersion(
            model.Name, 0, digest, draft.Version.Dataset, draft.Version.Id, Json.Write(new { trainer = spec.Name, parameters = spec.Parameters }),
            System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty, clocks.Now);
        return await new ModelComparison(authored, drafted, scoring, database).CompareAsync(version, clocks.Now, folder, cancellation) with { Challenger = "tried out" };
    }

    private async Task<FeatureRows> RowsAsync(DatasetAccess drafted, ModelFile model, DatasetVersion draft, string folder, CancellationToken cancellation)
    {
        using var opened = await drafted.OpenAsync(new DatasetWish(draft.Dataset, clocks.Now, draft.Id), folder, cancellation);
        var examples = Examples.Load(opened, model.Evaluate?.Holdout, cancellation);
        return examples.Where(row => !examples.HeldOut[row]).Rows;
    }
}
