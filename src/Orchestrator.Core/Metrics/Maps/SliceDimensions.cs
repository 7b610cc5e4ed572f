using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Metrics.Maps;

/// <summary>Ways in which rows in memory fall into parts.</summary>
public static class SliceDimensions
{
    /// <summary>A part for each value; null where there is one only, or more than a code has room for.</summary>
    /// <param name="values">Null where a row has none.</param>
    public static SliceDimension? OfValues(string name, IReadOnlyList<string?> values)
    {
        var known = values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (known.Count is < 2 or > SliceDimension.MostParts)
        {
            return null;
        }

        var codes = known.Index().ToDictionary(pair => pair.Item, pair => (byte)(pair.Index + 1), StringComparer.Ordinal);
        return new([.. known.Select(value => SegmentPredicate.Condition(name, value))], [.. values.Select(value => value is null ? (byte)0 : codes[value])]);
    }

    /// <summary>The quarters between three edges; null where there are no edges.</summary>
    /// <param name="values">NaN where a row has none.</param>
    public static SliceDimension? OfQuarters(string name, double[] values, ImmutableArray<double> edges) => edges.Length != 3
        ? null
        : new(
            [.. Enumerable.Range(1, 4).Select(quarter => SegmentPredicate.Condition(name, $"q{quarter}"))],
            Array.ConvertAll(values, value => double.IsNaN(value) ? (byte)0 : (byte)(1 + edges.Count(edge => value > edge))));

    /// <summary>The quartiles of numbers, between two neighbours in proportion (type 7 of Hyndman and Fan 1996); none where there are no finite ones.</summary>
    public static ImmutableArray<double> Quartiles(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? [] : [.. Enumerable.Range(1, 3).Select(quarter => Between(sorted, (sorted.Length - 1) * quarter / 4.0))];
    }

    private static double Between(double[] sorted, double place)
    {
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
