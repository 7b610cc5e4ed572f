namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Counts slices: all of one and two conditions over all rows, or one condition more over the rows of a slice.</summary>
internal sealed class SliceScan(SliceRows rows, SegmentSearchOptions options, ExpectedShares expected)
{
    private readonly int[] _all = [.. Enumerable.Range(0, rows.Count)];

    public SliceCount Count(Slice slice) => Tally(slice.Members(rows), slice, [])[0];

    /// <summary>Slices with one condition more, of a dimension that the slice does not use yet.</summary>
    public IEnumerable<SliceCount> Children(Slice slice)
    {
        var members = slice.Depth == 0 ? _all : slice.Members(rows);
        return Enumerable.Range(0, rows.Dimensions.Length).Where(dimension => !slice.Has(dimension))
            .SelectMany(dimension => Tally(members, slice, [dimension])).Where(IsJudged);
    }

    /// <summary>Slices of two conditions over these dimensions.</summary>
    public IEnumerable<SliceCount> Pairs(IReadOnlyList<int> dimensions) =>
        from first in dimensions
        from second in dimensions
        where first < second
        from count in Tally(_all, Slice.Of(), [first, second])
        where IsJudged(count)
        select count;

    public bool IsJudged(SliceCount count) =>
        count.Rows >= options.MinimumRows && rows.Count - count.Rows >= options.MinimumRows && !count.Slice.Conditions.Any(IsCommon);

    /// <summary>A condition that nearly every row fulfils tells nothing apart.</summary>
    private bool IsCommon(Condition condition) => _common.Value[condition.Dimension] == condition.Code;

    private readonly Lazy<int[]> _common = new(() => [.. rows.Dimensions.Select(dimension => CommonCode(dimension, rows.Count))]);

    private static int CommonCode(SliceDimension dimension, int rows)
    {
        const double nearlyAll = 0.9;
        var counts = new int[dimension.Predicates.Length + 1];
        foreach (var code in dimension.Codes)
        {
            counts[code]++;
        }

        return Array.FindIndex(counts, 1, count => count > nearlyAll * rows);
    }

    /// <summary>Counts of the rows by the parts of none, one or two further dimensions.</summary>
    private List<SliceCount> Tally(int[] members, Slice slice, int[] dimensions)
    {
        var widths = dimensions.Select(dimension => rows.Dimensions[dimension].Predicates.Length + 1).ToArray();
        var cells = widths.Aggregate(1, (product, width) => product * width);
        var (byLevel, bad) = (new int[cells * expected.Levels], new int[cells]);
        Fill(members, [.. dimensions.Select(dimension => rows.Dimensions[dimension].Codes)], widths, (byLevel, bad));
        var counts = new List<SliceCount>();
        for (var cell = 0; cell < cells; cell++)
        {
            if (Conditions(cell, dimensions, widths) is { } conditions)
            {
                counts.Add(Count(conditions.Aggregate(slice, (all, one) => all.With(one)), byLevel.AsSpan(cell * expected.Levels, expected.Levels), bad[cell]));
            }
        }

        return counts;
    }

    private void Fill(int[] members, byte[][] codes, int[] widths, (int[] ByLevel, int[] Bad) into)
    {
        var levels = expected.Levels;
        var levelOf = expected.LevelOfRow;
        var first = codes.Length > 0 ? codes[0] : null;
        var second = codes.Length > 1 ? codes[1] : null;
        var width = widths.Length > 1 ? widths[1] : 1;
        foreach (var row in members)
        {
            var cell = ((first?[row] ?? 0) * width) + (second?[row] ?? 0);
            into.ByLevel[(cell * levels) + levelOf[row]]++;
            into.Bad[cell] += rows.Bad[row] ? 1 : 0;
        }
    }

    /// <summary>Null where a row of the cell falls into no part of a dimension.</summary>
    private static Condition[]? Conditions(int cell, int[] dimensions, int[] widths)
    {
        var conditions = new Condition[dimensions.Length];
        for (var i = dimensions.Length - 1; i >= 0; i--)
        {
            conditions[i] = new(dimensions[i], (byte)(cell % widths[i]));
            cell /= widths[i];
        }

        return Array.Exists(conditions, condition => condition.Code == 0) ? null : conditions;
    }

    private SliceCount Count(Slice slice, ReadOnlySpan<int> byLevel, int bad)
    {
        var (mean, variance) = expected.Of(byLevel);
        var count = 0;
        foreach (var level in byLevel)
        {
            count += level;
        }

        return new(slice, count, bad, mean, variance);
    }
}
