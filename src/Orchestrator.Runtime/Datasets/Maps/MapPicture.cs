using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>Which columns of numbers the axes are; the first two principal components where none are named.</summary>
public sealed record MapAxes(string? X, string? Y);

/// <summary>Draws the rows of a map along two axes.</summary>
internal static class MapPicture
{
    /// <summary>Digits of a place along a component: more are not seen.</summary>
    private const int Digits = 6;

    /// <summary>Null where a column that is asked for holds no numbers.</summary>
    public static RowMap? Of(LoadedMap map, MapAxes axes)
    {
        if (Axis(map, axes.X, 0) is not { } x || Axis(map, axes.Y, 1) is not { } y)
        {
            return null;
        }

        NamedDimension[] declared = [.. map.Named.Where(dimension => dimension.IsDeclared)];
        var errors = map.Errors;
        var points = Enumerable.Range(0, map.Rows).Select(row => new MapPoint(
            map.Keys[row], Known(x.Places[row]), Known(y.Places[row]), map.Labels[row], map.Predictions[row], Known(errors[row]), Known(Math.Round(map.Suspicions[row], 4)),
            [.. declared.Select(dimension => (int)dimension.Parts.Codes[row])]));
        return new(
            map.Dataset, map.Version?.Id, map.Version is null ? map.At : null, map.Total, x.Axis, y.Axis, map.NumericColumns, map.IsNumeric,
            [.. declared.Select(dimension => new MapSegment(dimension.Spec.Name, dimension.Parts.Predicates))], [.. points]);
    }

    public static MapRow Row(LoadedMap map, int row) =>
        new(map.Keys[row], map.Labels[row], map.Predictions[row], Known(map.Errors[row]), Known(Math.Round(map.Suspicions[row], 4)), map.Cells(row));

    public static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static (MapAxis Axis, IReadOnlyList<double> Places)? Axis(LoadedMap map, string? column, int component) =>
        column is null ? (new(null, Rounded(map.Components.Shares[component]), map.Leading[component]), map.Components.Places[component].Select(Rounded).ToImmutableArray())
        : map.NumbersOf(column) is { } numbers ? (new(column, null, []), numbers)
        : null;

    private static double Rounded(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        var unit = Math.Pow(10, Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
        return double.IsFinite(unit) && unit > 0 ? Math.Round(value * unit) / unit : value;
    }
}
