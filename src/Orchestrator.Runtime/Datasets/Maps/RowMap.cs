using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>Rows laid out in a plane.</summary>
/// <param name="Version">Absent where the dataset is measured where it is.</param>
/// <param name="At">The measurement whose rows they are; absent where a version holds them.</param>
/// <param name="Total">Rows of the dataset; of more than a map has room for those are drawn whose ids hash lowest.</param>
/// <param name="Columns">Columns of numbers, which can be axes.</param>
/// <param name="IsNumeric">Whether labels and predictions are numbers.</param>
/// <param name="Segments">The segments that the monitor declares.</param>
public sealed record RowMap(
    string Dataset, string? Version, DateTimeOffset? At, long Total, MapAxis X, MapAxis Y, ImmutableArray<string> Columns, bool IsNumeric, ImmutableArray<MapSegment> Segments, ImmutableArray<MapPoint> Points);

/// <summary>An axis of a map.</summary>
/// <param name="Column">Absent where the axis is a principal component.</param>
/// <param name="Share">What a component explains of the whole variance.</param>
/// <param name="Leading">The columns that weigh most in a component.</param>
public sealed record MapAxis(string? Column, double? Share, ImmutableArray<string> Leading);

/// <summary>A declared segment with what selects its parts.</summary>
public sealed record MapSegment(string Name, ImmutableArray<string> Parts);

/// <summary>A row on a map.</summary>
/// <param name="Key">Its id, or its place on the map where the dataset has no ids.</param>
/// <param name="X">Absent where the row has no number there.</param>
/// <param name="Y">Absent likewise.</param>
/// <param name="Error">Of classes 1 where the prediction is another than the label, else 0; of numbers how far it is off; absent where one of them is missing.</param>
/// <param name="Suspicion">How likely the label is wrong, from 0 to 1; absent where it was not judged.</param>
/// <param name="Parts">For each segment the number of the row's part, from 1; 0 where it lies in none.</param>
public sealed record MapPoint(string Key, double? X, double? Y, string? Label, string? Prediction, double? Error, double? Suspicion, ImmutableArray<int> Parts);

/// <summary>A row of a map with what is known of it.</summary>
/// <param name="Cells">Its features, as text.</param>
public sealed record MapRow(string Key, string? Label, string? Prediction, double? Error, double? Suspicion, ImmutableSortedDictionary<string, string> Cells);

/// <summary>Rows that were picked on a map, against the others on it.</summary>
/// <param name="Rows">Rows of the map.</param>
/// <param name="Error">Mean error of the picked rows whose label and prediction are known: of classes the share of wrong ones.</param>
/// <param name="OtherError">The same of the other rows.</param>
/// <param name="Segments">What describes the picked rows, the best first; empty where nothing does.</param>
public sealed record PickedRows(int Rows, int Picked, ImmutableArray<PickedClass> Classes, double? Error, double? OtherError, ImmutableArray<PickedSegment> Segments);

/// <summary>Rows of a class among the picked ones and among the others.</summary>
/// <param name="Label">Absent for rows without a label.</param>
public sealed record PickedClass(string? Label, int Picked, int Others);

/// <summary>A segment that describes picked rows.</summary>
/// <param name="Rows">Rows of the map that lie in it.</param>
/// <param name="Picked">Those of them that were picked.</param>
/// <param name="Precision">Share of its rows that were picked.</param>
/// <param name="Recall">Share of the picked rows that lie in it.</param>
/// <param name="Yaml">What a monitor says to have it measured.</param>
/// <param name="IsDeclared">Whether the monitor says all of it already.</param>
public sealed record PickedSegment(string Predicate, int Rows, int Picked, double Precision, double Recall, string Yaml, bool IsDeclared);
