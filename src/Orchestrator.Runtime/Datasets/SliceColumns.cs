using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The dimensions that the search for segments looks at beside the declared ones: features of few values, and quartiles of numbers.</summary>
internal static class SliceColumns
{
    /// <summary>A text with more values has no parts worth naming.</summary>
    public const int MostTexts = 50;

    /// <summary>A number with more values is cut at its quartiles.</summary>
    public const int MostNumbers = 10;

    /// <param name="rows">The stored rows whose values are counted: those of the reference, so that a dimension does not come and go with the window.</param>
    public static ImmutableArray<SegmentSpec> Of(DuckDBConnection connection, MonitorFile monitor, ImmutableArray<FeatureShape> features, SourceTable rows)
    {
        var free = features
            .Where(feature => feature.Type is FeatureType.WholeNumber or FeatureType.FloatingPoint or FeatureType.Category)
            .Where(feature => rows.Find(feature.Name) is not null && !monitor.Segments.Any(segment => segment.By.Column == feature.Name || segment.Name == feature.Name))
            .ToArray();
        if (!monitor.SegmentSearch.AllFeatures || free.Length == 0)
        {
            return [];
        }

        var counts = connection.Query(
            $"select {Sql.List(free.Select(feature => $"count(distinct {Sql.Name(feature.Name)})"))} from {Sql.Name(rows.Name)}", reader => reader.GetFieldValue<List<long>>(0))[0];
        return [.. free.Zip(counts, Dimension).OfType<SegmentSpec>()];
    }

    private static SegmentSpec? Dimension(FeatureShape feature, long values) => feature.Type switch
    {
        _ when values < 2 => null,
        FeatureType.Category => values <= MostTexts ? new(feature.Name, new SegmentBy.Values(feature.Name)) : null,
        _ => new(feature.Name, values <= MostNumbers ? new SegmentBy.Values(feature.Name) : new SegmentBy.Quartiles(feature.Name)),
    };
}
