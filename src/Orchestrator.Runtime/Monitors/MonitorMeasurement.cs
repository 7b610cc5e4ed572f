using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Runs a measurement on the data of this workspace: current versions of what models learn from, files of connections for the rest.</summary>
public sealed class MonitorMeasurement(Database database, DatasetGathering gathering, DatasetVersions versions, AnalyticsOptions analytics)
{
    /// <summary>Throws <see cref="SourceAwayException"/> where a database is away that may be there soon.</summary>
    public async Task<MeasurementResult> RunAsync(LoadedRevision revision, MonitorFile monitor, DateTimeOffset at, CancellationToken cancellation)
    {
        var problems = ImmutableArray.CreateBuilder<MeasurementProblem>();
        var (sources, isAway) = await GatherAsync(revision, monitor, (at, problems), cancellation).ConfigureAwait(false);
        return isAway
            ? throw new SourceAwayException(string.Join('\n', problems.Select(problem => problem.Diagnostic)))
            : await RunAsync((revision, monitor, sources), at, problems, cancellation).ConfigureAwait(false);
    }

    /// <summary>Measures what can be measured while databases are away.</summary>
    public async Task<MeasurementResult> RunWithoutAsync(LoadedRevision revision, MonitorFile monitor, DateTimeOffset at, CancellationToken cancellation)
    {
        var problems = ImmutableArray.CreateBuilder<MeasurementProblem>();
        var (sources, _) = await GatherAsync(revision, monitor, (at, problems), cancellation).ConfigureAwait(false);
        return await RunAsync((revision, monitor, sources), at, problems, cancellation).ConfigureAwait(false);
    }

    private Task<GatheredSources> GatherAsync(
        LoadedRevision revision, MonitorFile monitor, (DateTimeOffset, ImmutableArray<MeasurementProblem>.Builder) run, CancellationToken cancellation)
    {
        var datasets = monitor.Datasets.Select(dataset => DatasetAccess.IsVersioned(dataset) ? Authored(revision, monitor, dataset) : dataset);
        return gathering.GatherAsync(monitor, datasets, run, cancellation);
    }

    private async Task<MeasurementResult> RunAsync(
        (LoadedRevision Revision, MonitorFile Monitor, DatasetSources Sources) measured,
        DateTimeOffset at,
        ImmutableArray<MeasurementProblem>.Builder problems,
        CancellationToken cancellation)
    {
        var (revision, monitor, sources) = measured;
        var model = monitor.Model is { } name ? revision.Model(name) : null;
        var files = ImmutableDictionary.CreateBuilder<string, string>();
        var confirmed = ImmutableDictionary.CreateBuilder<string, ConfirmedRows>();
        foreach (var dataset in monitor.Datasets.Where(DatasetAccess.IsVersioned))
        {
            var source = new VersionSource(Authored(revision, monitor, dataset), sources, VersionSource.LabelSetOf(model));
            var found = new DatasetProblems(monitor.Source, dataset.Name, problems);
            if (await versions.SyncAsync(source, found, at, cancellation).ConfigureAwait(false) is { } version)
            {
                files[dataset.Name] = versions.FileOf(version);
                confirmed[dataset.Name] = await ConfirmedAsync(version, source.LabelSet, found, cancellation).ConfigureAwait(false);
            }
        }

        var inputs = new DatasetInputs(monitor, model, sources, files.ToImmutable(), at)
        {
            Champion = monitor.Model is { } served ? Champion(served) : null,
            Edges = database.Read(connection => SegmentEdgeStore.Of(connection, monitor.Name)),
        };
        var result = Measurement.Run(new MeasurementRequest(inputs, confirmed.ToImmutable()) { Analytics = analytics });
        return result with { Problems = [.. problems.Concat(result.Problems).DistinctBy(problem => problem.Diagnostic)] };
    }

    private ServingChampion? Champion(string model) => database.Read(connection =>
        ChampionStore.Champion(connection, model) is { } id && ModelStore.Find(connection, id) is { } version ? new ServingChampion(version.Id, version.CreatedAt) : null);

    /// <summary>What a version holds does not depend on what of it is looked at.</summary>
    private static DatasetSpec Authored(LoadedRevision revision, MonitorFile monitor, DatasetSpec dataset) =>
        revision.Monitor(monitor.Name)?.Datasets.FirstOrDefault(authored => authored.Name == dataset.Name) ?? dataset;

    /// <summary>A damaged version keeps its own dataset from being measured, not the others.</summary>
    private async Task<ConfirmedRows> ConfirmedAsync(DatasetVersion version, string labelSet, DatasetProblems problems, CancellationToken cancellation)
    {
        try
        {
            return await versions.ConfirmedAsync(version, labelSet, cancellation).ConfigureAwait(false);
        }
        catch (StorageException error)
        {
            problems.Error("DATA031", error.Message, "the workspace's files are restored from a backup", "path");
            return ConfirmedRows.None;
        }
    }
}
