using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets.Pushes;
using Orchestrator.Runtime.Datasets.Queries;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Where rows and labels were found.</summary>
/// <param name="IsAway">A database did not answer; another attempt may find more.</param>
public sealed record GatheredSources(DatasetSources Sources, bool IsAway);

/// <summary>Brings the rows and labels of datasets that are no files into files, so that one path reads them all.</summary>
public sealed class DatasetGathering(Connections connections, QuerySnapshots queries, PushIntake pushes)
{
    /// <summary>What keeps copies of files that are read again and again; absent where none are kept.</summary>
    public FileCopies? Copies { get; init; }

    /// <summary>What is not found is told, and left out.</summary>
    public async Task<GatheredSources> GatherAsync(
        MonitorFile monitor, IEnumerable<DatasetSpec> datasets, (DateTimeOffset At, ImmutableArray<MeasurementProblem>.Builder Problems) run, CancellationToken cancellation)
    {
        var found = ImmutableDictionary.CreateBuilder<SourcePart, FoundRows?>();
        var isAway = false;
        foreach (var dataset in datasets)
        {
            var problems = new DatasetProblems(monitor.Source, dataset.Name, run.Problems);
            foreach (var request in Requests(dataset, run.At))
            {
                var (rows, away) = await FindAsync(request, run.At, problems, cancellation).ConfigureAwait(false);
                found[request.Part] = rows;
                isAway |= away;
            }

            foreach (var part in PushedParts(dataset))
            {
                found[part] = Pushed(dataset, part, run.At, problems);
            }
        }

        return new(new DatasetSources(connections.Folders) { Gathered = found.ToImmutable(), Copies = Copies }, isAway);
    }

    private static IEnumerable<QueryRequest> Requests(DatasetSpec dataset, DateTimeOffset at)
    {
        if (dataset.From is DataLocation.Query rows)
        {
            yield return QueryRequest.OfRows(dataset, rows, at);
        }

        if (dataset.Labels is { From: DataLocation.Query labels } join)
        {
            yield return QueryRequest.OfLabels(dataset, join, labels, at);
        }
    }

    private static IEnumerable<SourcePart> PushedParts(DatasetSpec dataset)
    {
        if (dataset.From is DataLocation.Push)
        {
            yield return new(dataset.Name, false);
        }

        if (dataset.Labels?.From is DataLocation.Push)
        {
            yield return new(dataset.Name, true);
        }
    }

    /// <summary>Batches whose rows all lie outside of the windows are left out.</summary>
    private FoundRows? Pushed(DatasetSpec dataset, SourcePart part, DateTimeOffset at, DatasetProblems problems)
    {
        var wanted = part.IsLabels ? [] : QueryRequest.Windows(dataset, at);
        var files = pushes.Files(part, batch => wanted.IsEmpty || batch.Times is not { } times || times.Column != dataset.Roles.Time || wanted.Any(times.Meets));
        var field = part.Field(new DataLocation.Push());
        if (files.IsEmpty)
        {
            problems.Warn("DATA052", part.IsLabels ? "no labels were pushed yet" : $"no rows {(wanted.IsEmpty ? "were pushed yet" : "of the window were pushed")}", null, field);
            return null;
        }

        return new(files, "what was pushed", field) { AreAuthored = false };
    }

    private async Task<(FoundRows? Rows, bool IsAway)> FindAsync(QueryRequest request, DateTimeOffset at, DatasetProblems problems, CancellationToken cancellation)
    {
        var field = request.Part.Field(request.From);
        if (connections.Databases.GetValueOrDefault(request.From.Connection) is not { } target)
        {
            problems.Error("DATA016", $"connection \"{request.From.Connection}\" is no database", $"there are {connections.Listed}", field);
            return (null, false);
        }

        try
        {
            return (new(await queries.ReadAsync(request, target, at, cancellation).ConfigureAwait(false), "the query", field) { AreAuthored = false }, false);
        }
        catch (SourceFaultException error)
        {
            problems.Error(error.Fault.Code, error.Fault.Text, error.Fault.Allowed, field);
            return (null, error.Fault.IsAway);
        }
    }
}
