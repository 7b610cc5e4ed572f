using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Maps;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>The rows of a map in memory; each list has an entry a row.</summary>
/// <param name="Total">Rows of the dataset, drawn or not.</param>
internal sealed record LoadedMap(string Dataset, DatasetVersion? Version, DateTimeOffset At, long Total, MonitorFile Monitor)
{
    /// <summary>What a row is named by: its id, or its place on the map where the dataset has no ids.</summary>
    public required ImmutableArray<string> Keys { get; init; }

    /// <summary>Null where a row has none.</summary>
    public required string?[] Labels { get; init; }

    /// <inheritdoc cref="Labels"/>
    public required string?[] Predictions { get; init; }

    /// <summary>Whether labels and predictions are numbers.</summary>
    public required bool IsNumeric { get; init; }

    /// <summary>From 0 to 1; NaN where no label was judged.</summary>
    public required double[] Suspicions { get; init; }

    public required ImmutableArray<MapColumn> Columns { get; init; }

    public required PrincipalComponents Components { get; init; }

    /// <summary>For each component the columns that weigh most.</summary>
    public required ImmutableArray<ImmutableArray<string>> Leading { get; init; }

    /// <summary>The declared segments, and the columns of label and prediction.</summary>
    public required ImmutableArray<NamedDimension> Named { get; init; }

    public int Rows => Keys.Length;

    /// <summary>Of classes 1 where the prediction is another than the label, of numbers how far it is off; NaN where one of them is missing.</summary>
    public double[] Errors => _errors ??= [.. Labels.Zip(Predictions, (label, prediction) =>
        label is null || prediction is null ? double.NaN : IsNumeric ? Math.Abs(Numbers.Read(prediction) - Numbers.Read(label)) : label == prediction ? 0 : 1)];

    private double[]? _errors;

    /// <summary>The columns whose numbers can be an axis.</summary>
    public ImmutableArray<string> NumericColumns => [.. Columns.Where(column => column.IsNumeric).Select(column => column.Name)];

    public double[]? NumbersOf(string column) => Columns.FirstOrDefault(one => one.IsNumeric && one.Name == column)?.Numbers;

    /// <summary>What is known of a row, by column.</summary>
    public ImmutableSortedDictionary<string, string> Cells(int row) => Columns
        .Select(column => KeyValuePair.Create(column.Name, column.IsNumeric ? Numbers.Write(column.Numbers[row]) : column.Texts[row]))
        .Where(cell => cell.Value is not null).ToImmutableSortedDictionary(cell => cell.Key, cell => cell.Value!, StringComparer.Ordinal);

    private static class Numbers
    {
        public static double Read(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        public static string? Write(double number) => double.IsNaN(number) ? null : RowContent.Text(number);
    }
}

/// <summary>A way in which the rows of a map fall into parts, with what a monitor says to have them.</summary>
/// <param name="IsDeclared">Whether the monitor says it already.</param>
internal sealed record NamedDimension(SegmentSpec Spec, SliceDimension Parts, bool IsDeclared);
