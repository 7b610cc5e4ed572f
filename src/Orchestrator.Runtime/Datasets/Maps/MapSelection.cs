using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Maps;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>Says what rows that were picked on a map have in common.</summary>
/// <remarks>The search goes by quarters of the rows on the map; a segment that it finds is judged by the edges that a measurement goes by.</remarks>
internal sealed class MapSelection(LoadedMap map, VersionSegments segments)
{
    /// <summary>A longer value is no name of a part.</summary>
    private const int LongestValue = 200;

    public PickedRows Of(IReadOnlySet<int> picked)
    {
        bool[] isPicked = [.. Enumerable.Range(0, map.Rows).Select(picked.Contains)];
        NamedDimension[] dimensions = [.. map.Named, .. map.Columns.Where(IsFree).Select(Dimension).OfType<NamedDimension>()];
        var found = SelectionSegments.Find(Slices(dimensions, isPicked));
        var measured = Array.ConvertAll(dimensions, dimension => IsNamed(dimension, found) ? Measured(dimension) : dimension);
        return new(map.Rows, picked.Count, Classes(isPicked), Error(isPicked, true), Error(isPicked, false),
            [.. SelectionSegments.Judge(Slices(measured, isPicked), found).Select(segment => Told(segment, measured))]);
    }

    private static SliceRows Slices(NamedDimension[] dimensions, bool[] isPicked) => new([.. dimensions.Select(dimension => dimension.Parts)], isPicked);

    /// <summary>Whether a predicate can name the column, and no declared segment does.</summary>
    private bool IsFree(MapColumn column) =>
        column.Name.AsSpan().IndexOfAny('=', '\'', '"') < 0 && !column.Name.Contains(SegmentPredicate.And, StringComparison.Ordinal)
        && !map.Named.Any(dimension => dimension.Spec.Name == column.Name || dimension.Spec.By.Column == column.Name);

    private static NamedDimension? Dimension(MapColumn column)
    {
        var isByValue = column.Texts.Length > 0;
        var parts = column.Type == FeatureType.Text || column.Texts.Any(text => text?.Length > LongestValue) ? null
            : isByValue ? SliceDimensions.OfValues(column.Name, column.Texts)
            : SliceDimensions.OfQuarters(column.Name, column.Numbers, SliceDimensions.Quartiles(column.Numbers));
        return parts is null || (isByValue && parts.Predicates.Length > SliceColumns.MostTexts)
            ? null
            : new(new(column.Name, isByValue ? new SegmentBy.Values(column.Name) : new SegmentBy.Quartiles(column.Name)), parts, IsDeclared: false);
    }

    private static bool IsNamed(NamedDimension dimension, ImmutableArray<string> predicates) =>
        dimension is { IsDeclared: false, Spec.By: SegmentBy.Quartiles } && predicates.SelectMany(predicate => SegmentPredicate.Parts(predicate)).Any(dimension.Parts.Predicates.Contains);

    /// <summary>The same by the edges of all rows, where a version has them.</summary>
    private NamedDimension Measured(NamedDimension dimension) =>
        map.NumbersOf(dimension.Spec.By.Column) is { } numbers && SliceDimensions.OfQuarters(dimension.Spec.Name, numbers, segments.Edges(map.Dataset, map.Version, dimension.Spec)) is { } parts
            ? dimension with { Parts = parts }
            : dimension;

    private ImmutableArray<PickedClass> Classes(bool[] isPicked) => map.IsNumeric ? [] : [.. map.Labels.Zip(isPicked).GroupBy(row => row.First)
        .Select(group => new PickedClass(group.Key, group.Count(row => row.Second), group.Count(row => !row.Second)))
        .OrderBy(one => one.Label is null).ThenBy(one => one.Label, StringComparer.Ordinal)];

    private double? Error(bool[] isPicked, bool among)
    {
        double[] known = [.. map.Errors.Zip(isPicked).Where(row => row.Second == among && !double.IsNaN(row.First)).Select(row => row.First)];
        return known.Length == 0 ? null : known.Average();
    }

    private static PickedSegment Told(DescribedSegment segment, NamedDimension[] dimensions)
    {
        var parts = SegmentPredicate.Parts(segment.Predicate);
        NamedDimension[] named = [.. dimensions.Where(dimension => dimension.Parts.Predicates.Any(parts.Contains))];
        return new(segment.Predicate, segment.Rows, segment.Picked, segment.Precision, segment.Recall, SegmentYaml.Write(named.Select(dimension => dimension.Spec)), named.All(dimension => dimension.IsDeclared));
    }
}
