using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Maps;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>Brings the rows of a map into memory.</summary>
/// <param name="opened">At most a few more rows than a map has, or a dataset that is measured where it is.</param>
/// <param name="confirmed">Rows whose label a person confirmed.</param>
internal sealed class MapReading(OpenedDataset opened, ConfirmedRows confirmed)
{
    /// <summary>Rows of one map.</summary>
    public const int MostRows = 5000;

    /// <summary>Numbers that are compared, two rows and a column each, to judge labels by neighbours: as many as take about two seconds.</summary>
    private const double MostCompared = 4e9;

    /// <summary>Components and columns that are told of.</summary>
    private const int Axes = 2;
    private const int MostLeading = 3;

    private readonly MapTable _table = MapTable.Of(opened.Connection, opened.Prepared.Matured, MostRows);

    private RelationShape Shape => _table.Shape;

    public LoadedMap Read(MonitorFile monitor, DateTimeOffset at)
    {
        var columns = _table.Features(opened.Prepared.Source, SliceColumns.MostNumbers);
        var features = Shape.EmbeddingWidth > 0 ? Embedding(_table.Embedding()) : MapFeatures.Of(columns, (int)Shape.Rows);
        var components = PrincipalComponents.Of(features.Matrix, Axes);
        var (labels, predictions) = (_table.Texts(RelationShape.Label), _table.Texts(RelationShape.Prediction));
        var keys = Shape.Roles.Contains("id") ? [.. _table.Texts(RelationShape.Id).Select(id => id!)] : Enumerable.Range(1, (int)Shape.Rows).Select(row => FormattableString.Invariant($"row {row}")).ToImmutableArray();
        return new(opened.Prepared.Spec.Name, opened.Version, at, opened.Version?.Manifest.Rows ?? opened.Prepared.Matured.Rows, monitor)
        {
            Keys = keys,
            Labels = labels,
            Predictions = predictions,
            IsNumeric = opened.Model?.Task is ModelTask.Regression,
            Suspicions = Suspicions(keys),
            Columns = columns,
            Components = components,
            Leading = [.. components.Weights.Select(weights => Leading(features.Names, weights))],
            Named = [.. Declared(monitor), .. Outcomes(monitor, labels, predictions)],
        };
    }

    private static MapFeatures Embedding(double[][] columns)
    {
        var rows = columns[0].Length;
        var matrix = new FeatureMatrix(columns.Length, [.. Enumerable.Range(0, rows).SelectMany(row => columns.Select(column => double.IsNaN(column[row]) ? 0 : column[row]))]);
        return new([.. columns.Select((_, i) => FormattableString.Invariant($"embedding {i + 1}"))], matrix.OfUnitLength());
    }

    private static ImmutableArray<string> Leading(ImmutableArray<string> names, ImmutableArray<double> weights) =>
        [.. names.Zip(weights).Where(pair => pair.Second != 0).OrderByDescending(pair => Math.Abs(pair.Second)).Select(pair => pair.First).Distinct().Take(MostLeading)];

    /// <summary>How likely each label is wrong by the others, as the monitor's metric ranks them, over the rows of the map; what a person confirmed is beyond doubt.</summary>
    private double[] Suspicions(ImmutableArray<string> keys)
    {
        var scores = keys.Select(_ => double.NaN).ToArray();
        if (!Shape.Roles.Contains("label") || !Shape.Roles.Contains("id"))
        {
            return scores;
        }

        var loaded = LoadedRows.Load(opened.Connection, Shape, (long)Math.Sqrt(MostCompared / Math.Max(1, Math.Max(Shape.EmbeddingWidth, Shape.Features.Length))));
        if (loaded.Rows.Labels.Distinct().Count() < 2)
        {
            return scores;
        }

        var places = keys.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var known = confirmed.Among(opened.Connection, opened.Prepared, loaded.Rows.Ids);
        foreach (var suspect in LabelErrorReport.Of(loaded.Rows, Shape.Classes, known, new NeighbourOptions()).Ranked)
        {
            scores[places[suspect.Id]] = suspect.Confirmed ? 0 : 1 - suspect.NormalizedMargin;
        }

        return scores;
    }

    private IEnumerable<NamedDimension> Declared(MonitorFile monitor) => Shape.Segments.Zip(_table.Segments())
        .Select(pair => (Spec: monitor.Segments.FirstOrDefault(segment => segment.Name == pair.First), pair.Second))
        .Where(pair => pair is { Spec: not null, Second: not null }).Select(pair => new NamedDimension(pair.Spec!, pair.Second!, IsDeclared: true));

    /// <summary>Label and prediction tell rows apart as any column does, where they are columns of the dataset and few.</summary>
    private IEnumerable<NamedDimension> Outcomes(MonitorFile monitor, string?[] labels, string?[] predictions)
    {
        var spec = opened.Prepared.Spec;
        var columns = new[] { (Name: spec.Roles.Label ?? spec.Labels?.Label, Values: labels), (Name: spec.Roles.Prediction, Values: predictions) };
        return from column in columns
               where column.Name is not null && !monitor.Segments.Any(segment => segment.Name == column.Name || segment.By.Column == column.Name)
               let parts = SliceDimensions.OfValues(column.Name, column.Values)
               where parts is not null
               select new NamedDimension(new(column.Name, new SegmentBy.Values(column.Name)), parts, IsDeclared: false);
    }
}
