using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Which rows of a dataset are wanted.</summary>
/// <param name="At">The instant at which windows end and up to which labels are known.</param>
/// <param name="Version">Of a versioned dataset; the current one where it is absent.</param>
/// <param name="Window">In place of the window that the monitor states.</param>
public sealed record DatasetWish(string Dataset, DateTimeOffset At, string? Version = null, TimeSpan? Window = null)
{
    /// <summary>A window that reaches back to before any row.</summary>
    public static readonly TimeSpan Ever = TimeSpan.FromDays(36_500);

    /// <summary>Whether the reference is wanted too.</summary>
    public bool Compares { get; init; }
}

/// <summary>A dataset opened for reading.</summary>
/// <param name="Version">Null where the dataset is not versioned.</param>
public sealed record OpenedDataset(DuckDBConnection Connection, PreparedDataset Prepared, DatasetVersion? Version, ModelFile? Model) : IDisposable
{
    public void Dispose() => Connection.Dispose();
}

/// <summary>Opens datasets by name: versions of what models learn from, files of connections for the rest.</summary>
public sealed class DatasetAccess(Authored authored, DatasetVersions versions, Database database, AnalyticsOptions options)
{
    private DraftVersion? _draft;

    /// <summary>The same, to which a draft is a version like any other, by its id.</summary>
    public DatasetAccess With(DraftVersion draft) => new(authored, versions, database, options) { _draft = draft };

    /// <summary>Throws <see cref="DatasetException"/> where the dataset is unknown or cannot be read, <see cref="SourceAwayException"/> where that may be otherwise soon.</summary>
    /// <param name="spill">Folder for what does not fit into memory.</param>
    public async Task<OpenedDataset> OpenAsync(DatasetWish wish, string spill, CancellationToken cancellation)
    {
        if (authored.Dataset(wish.Dataset) is not var (monitor, dataset))
        {
            throw new DatasetException($"no monitor knows a dataset \"{wish.Dataset}\"");
        }

        var model = monitor.Model is { } name ? authored.Model(name) : null;
        var problems = ImmutableArray.CreateBuilder<MeasurementProblem>();
        dataset = dataset with { Window = wish.Window ?? dataset.Window };
        var sources = await SourcesAsync(monitor, dataset, (wish.At, problems), cancellation);
        var current = await CurrentAsync((monitor, model, sources), (wish.At, problems), cancellation);
        var version = current.TryGetValue(dataset.Name, out var newest) ? Chosen(wish) ?? newest : null;
        var files = current.ToImmutableDictionary(pair => pair.Key, pair => FileOf(pair.Key == dataset.Name ? version! : pair.Value));
        var inputs = new DatasetInputs(monitor, model, sources, files, wish.At) { Edges = database.Read(connection => SegmentEdgeStore.Of(connection, monitor.Name)) };
        var reference = wish.Compares ? monitor.Datasets.FirstOrDefault(one => one.Name == dataset.Reference) : null;
        return Open(inputs, (dataset, reference), (version, spill), problems);
    }

    /// <summary>Whether the dataset is what models learn from, so that its content is kept by versions and can be rebuilt.</summary>
    public static bool IsVersioned(DatasetSpec dataset) => dataset.Split == DatasetSplit.Train;

    private DraftVersion? Draft(string dataset, string id) => _draft is { Version: var version } && version.Dataset == dataset && version.Id == id ? _draft : null;

    private string FileOf(DatasetVersion version) => Draft(version.Dataset, version.Id)?.File ?? versions.FileOf(version);

    private DatasetVersion? Chosen(DatasetWish wish) => wish.Version is { } id
        ? Draft(wish.Dataset, id)?.Version ?? versions.Find(wish.Dataset, id) ?? throw new DatasetException($"the dataset \"{wish.Dataset}\" has no version {id}")
        : null;

    /// <summary>What is needed to read the dataset, its reference, and those that have no version yet.</summary>
    private async Task<DatasetSources> SourcesAsync(
        MonitorFile monitor, DatasetSpec dataset, (DateTimeOffset At, ImmutableArray<MeasurementProblem>.Builder Problems) run, CancellationToken cancellation)
    {
        var needed = monitor.Datasets.Select(one => one.Name == dataset.Name ? dataset : one)
            .Where(one => IsVersioned(one) ? versions.Current(one.Name) is null : one.Name == dataset.Name || one.Name == dataset.Reference);
        var (sources, isAway) = await authored.Gathering.GatherAsync(monitor, needed, run, cancellation);
        return isAway ? throw new SourceAwayException(Told(dataset, run.Problems)) : sources;
    }

    /// <summary>The current versions of a monitor's datasets; one without any is read for the first time.</summary>
    private async Task<ImmutableDictionary<string, DatasetVersion>> CurrentAsync(
        (MonitorFile Monitor, ModelFile? Model, DatasetSources Sources) inputs,
        (DateTimeOffset At, ImmutableArray<MeasurementProblem>.Builder Problems) run,
        CancellationToken cancellation)
    {
        var found = ImmutableDictionary.CreateBuilder<string, DatasetVersion>();
        foreach (var dataset in inputs.Monitor.Datasets.Where(IsVersioned))
        {
            var source = new VersionSource(dataset, inputs.Sources, VersionSource.LabelSetOf(inputs.Model));
            var problems = new DatasetProblems(inputs.Monitor.Source, dataset.Name, run.Problems);
            if ((versions.Current(dataset.Name) ?? await versions.SyncAsync(source, problems, run.At, cancellation)) is { } version)
            {
                found[dataset.Name] = version;
            }
        }

        return found.ToImmutable();
    }

    private OpenedDataset Open(
        DatasetInputs inputs, (DatasetSpec Dataset, DatasetSpec? Reference) specs, (DatasetVersion? Version, string Spill) origin, ImmutableArray<MeasurementProblem>.Builder problems)
    {
        var connection = Analytics.Open(options with { TempFolder = origin.Spill });
        try
        {
            var reading = new DatasetReading(connection, inputs, problems);
            return reading.Prepare(specs.Dataset) is { } prepared
                ? new OpenedDataset(connection, prepared.Against(specs.Reference is { } reference ? reading.Prepare(reference) : null), origin.Version, inputs.Model)
                : throw new DatasetException(Told(specs.Dataset, problems));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string Told(DatasetSpec dataset, IEnumerable<MeasurementProblem> problems)
    {
        var errors = problems.Select(problem => problem.Diagnostic).Where(diagnostic => diagnostic.Severity == Severity.Error).Distinct().ToArray();
        return errors.Length == 0 ? $"the dataset \"{dataset.Name}\" has no rows to read" : string.Join("\n", errors.Select(error => error.ToString()));
    }
}
