using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>A version that was trained elsewhere.</summary>
/// <param name="Artifact">Digest of the stored artifact.</param>
/// <param name="Predictions">Digest of the stored predictions by row id; null where a command scores.</param>
/// <param name="Metrics">What its trainer measured; shown, never decided on.</param>
/// <param name="Dataset">What it was trained on; what the model file names where absent.</param>
/// <param name="DatasetVersion">The current one where absent.</param>
public sealed record Registration(
    string Model, string Artifact, string? Predictions, ImmutableSortedDictionary<string, double>? Metrics, string? Dataset, string? DatasetVersion);

/// <summary>What people do with versions by hand: register, ask the gate, promote.</summary>
public sealed class ModelRegistry(Authored authored, DatasetVersions versions, ArtifactStore artifacts, Database database, Champions champions)
{
    /// <summary>Registers a version; the same artifact with the same predictions is one version. Throws <see cref="DatasetException"/> where it cannot be used.</summary>
    public async Task<ModelVersion> RegisterAsync(Registration wish, string by, DateTimeOffset at, CancellationToken cancellation)
    {
        var model = authored.Model(wish.Model) ?? throw new DatasetException($"no model file names a model \"{wish.Model}\"");
        await CheckAsync(wish, cancellation);
        var (dataset, version) = TrainedOn(wish, model.Train?.Dataset);
        var description = Json.Write(new { registered_by = by, wish.Metrics });
        var trained = new TrainedModel($"registered:{wish.Model}:{wish.Artifact}:{wish.Predictions}", wish.Model, wish.Artifact, dataset, version, description)
        {
            Predictions = wish.Predictions,
        };
        return await database.WriteAsync(
            transaction =>
            {
                var known = ModelStore.ByKey(transaction.Connection, trained.Key);
                var registered = known ?? ModelStore.Add(transaction, trained, at);
                if (known is null)
                {
                    AuditStore.Append(transaction, at, by, "model.registered", wish.Model, new { version = registered.Id, registered.Digest, registered.Predictions });
                }

                return registered;
            },
            cancellation);
    }

    /// <summary>Promotes by hand; a version that did not pass the gate only where the gate is overridden, which its history and the audit then say.</summary>
    /// <param name="change">With the person's reason.</param>
    public async Task<ChampionOutcome> PromoteAsync(ChampionChange change, string version, bool overridesGate, CancellationToken cancellation)
    {
        if (database.Read(connection => ModelStore.Find(connection, version)) is not { } registered || registered.Model != change.Model)
        {
            return new ChampionOutcome.Refused($"the model {change.Model} has no version {version}");
        }

        var word = database.Read(connection => GateStore.Last(connection, change.Model, registered.Digest));
        if (word is { Verdict: GateVerdict.Promote } && !overridesGate)
        {
            return await champions.PromoteAsync(change with { Compared = new(word.Champion) }, version, registered.Digest, cancellation);
        }

        var last = word is null ? "was never asked about it" : $"said {word.Verdict.ToString().ToLowerInvariant()}";
        return overridesGate
            ? await champions.PromoteAsync(change with { Reason = $"the gate, which {last}, was overridden: {change.Reason}" }, version, registered.Digest, cancellation)
            : new ChampionOutcome.Refused($"the gate {last}");
    }

    /// <summary>Damaged or missing files are said now, not when they are needed.</summary>
    private async Task CheckAsync(Registration wish, CancellationToken cancellation)
    {
        try
        {
            await artifacts.ReadAsync(wish.Artifact, cancellation);
            if (wish.Predictions is { } predictions)
            {
                await artifacts.ReadAsync(predictions, cancellation);
                PredictionsFile.Check(artifacts.PathOf(predictions));
            }
        }
        catch (Exception error) when (error is StorageException or TrainingException)
        {
            throw new DatasetException(error.Message);
        }
    }

    /// <summary>Empty where nobody knows; then no leak can be seen either.</summary>
    private (string Dataset, string Version) TrainedOn(Registration wish, string? usual)
    {
        var dataset = wish.Dataset ?? usual ?? "";
        var version = wish.DatasetVersion is { } id ? versions.Find(dataset, id) : versions.Current(dataset);
        return version is null && (wish.Dataset ?? wish.DatasetVersion) is not null
            ? throw new DatasetException($"the dataset \"{dataset}\" has no version {wish.DatasetVersion ?? "yet"}")
            : version is null ? ("", "") : (dataset, version.Id);
    }
}
