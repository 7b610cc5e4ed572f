using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Segments of the rows of a version: those that its monitor declares, and of any other column its values or quarters.</summary>
/// <remarks>Edges between quarters are the stored ones, else those of the version that the reference has, else of the version itself, as a measurement would make them.</remarks>
public sealed class VersionSegments(Authored authored, DatasetVersions versions, Database database, AnalyticsOptions options)
{
    /// <summary>Conditions of one segment, and characters of its predicate, at most.</summary>
    public const int MostConditions = 8;

    /// <inheritdoc cref="MostConditions"/>
    public const int LongestPredicate = 2000;

    /// <summary>The rows of a segment; null where the predicate cannot be read, or names a column that the version does not have.</summary>
    public RowFilter? Filter(DatasetVersion version, string predicate)
    {
        if (predicate.Length > LongestPredicate || SegmentPredicate.Conditions(predicate) is not { Length: <= MostConditions } conditions)
        {
            return null;
        }

        var filters = conditions.Select(condition => Filter(version, condition.Name, condition.Value)).ToArray();
        return Array.Exists(filters, filter => filter is null)
            ? null
            : new(string.Join(SegmentPredicate.And, filters.Select(filter => $"({filter!.Sql})")), [.. filters.SelectMany(filter => filter!.Values)]);
    }

    /// <summary>What a name in a predicate stands for: a segment that the monitor declares, else a column of the version; null where it is neither.</summary>
    public SegmentSpec? Find(DatasetVersion version, string name, string value)
    {
        var declared = authored.Dataset(version.Dataset)?.Monitor.Segments.FirstOrDefault(segment => segment.Name == name);
        var column = Column(version, declared?.By.Column ?? name);
        return column is null ? null
            : declared ?? new(name, column.Kind == "number" && QuarterOf(value) > 0 ? new SegmentBy.Quartiles(name) : new SegmentBy.Values(name));
    }

    /// <summary>The edges between the quarters of a column; none where no version has numbers in it.</summary>
    /// <param name="version">Null where the dataset is measured where it is.</param>
    public ImmutableArray<double> Edges(string dataset, DatasetVersion? version, SegmentSpec segment) =>
        authored.Dataset(dataset) is var (monitor, spec) && Stored(monitor, spec, segment) is { } stored ? stored
        : Giving(dataset, version, segment) is { } giving ? Measured(giving, segment)
        : [];

    private RowFilter? Filter(DatasetVersion version, string name, string value)
    {
        if (Find(version, name, value) is not { } segment)
        {
            return null;
        }

        var column = Sql.Name(segment.By.Column);
        return segment.By is SegmentBy.Values ? new($"cast({column} as varchar) = ?", [value]) : Quarter($"try_cast({column} as double)", QuarterOf(value), Edges(version.Dataset, version, segment));
    }

    /// <summary>The quarter above one edge and up to the next; nothing lies in a quarter that there is not.</summary>
    private static RowFilter Quarter(string number, int quarter, ImmutableArray<double> edges)
    {
        if (quarter == 0 || edges.IsEmpty)
        {
            return new("false", []);
        }

        object[] above = quarter > 1 ? [edges[quarter - 2]] : [];
        object[] upTo = quarter < 4 ? [edges[quarter - 1]] : [];
        return new($"not isnan({number}){(quarter > 1 ? $" and {number} > ?" : "")}{(quarter < 4 ? $" and {number} <= ?" : "")}", [.. above, .. upTo]);
    }

    private ImmutableArray<double>? Stored(MonitorFile monitor, DatasetSpec dataset, SegmentSpec segment)
    {
        var giving = monitor.Datasets.FirstOrDefault(one => one.Name == dataset.Reference) ?? dataset;
        return database.Read(connection => SegmentEdgeStore.Of(connection, monitor.Name)).TryGetValue(EdgesKey.Of(giving, segment), out var edges) ? edges : null;
    }

    /// <summary>The version whose rows give the edges.</summary>
    private DatasetVersion? Giving(string dataset, DatasetVersion? version, SegmentSpec segment) =>
        authored.Dataset(dataset)?.Dataset.Reference is { } reference && versions.Current(reference) is { } current && Column(current, segment.By.Column) is not null ? current : version;

    private ImmutableArray<double> Measured(DatasetVersion version, SegmentSpec segment)
    {
        using var connection = Analytics.Open(options);
        return QuartileEdges.Measure(connection, segment.By.Column, versions.Pages.Source(version)).Edges;
    }

    private static ManifestColumn? Column(DatasetVersion version, string name) => version.Manifest.Columns.FirstOrDefault(column => column.Name == name);

    private static int QuarterOf(string value) => value is ['q', >= '1' and <= '4' and var quarter] ? quarter - '0' : 0;
}
