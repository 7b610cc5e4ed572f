using Orchestrator.Core.Metrics.Reductions;

namespace Orchestrator.Core.Metrics.Joint;

/// <summary>Two columns brought to a common size, with their ranks among all rows: what correlations of all rows and of segments are summed from.</summary>
/// <remarks>Values are halves of their range above the least one; ranks are twice their distance from the middle one, so they are whole.</remarks>
internal sealed class JointWalk
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly long[] _xRanks;
    private readonly long[] _yRanks;

    private JointWalk(double[] x, double[] y) => (_x, _xRanks, _y, _yRanks) = (x, Ranks(x), y, Ranks(y));

    /// <summary>Takes the columns over and changes their values.</summary>
    /// <param name="x">Finite numbers, as many as those of the other.</param>
    public static JointWalk Of(double[] x, double[] y)
    {
        var walk = new JointWalk(x, y);
        Scale(x);
        Scale(y);
        return walk;
    }

    /// <summary>The correlations of each scope that has rows.</summary>
    public IEnumerable<(string Name, long Rows, double Values, double Ranks)> Reduce(SegmentScopes scopes)
    {
        var (values, ranks) = (scopes.Names.Select(_ => new ValueMoments()).ToArray(), scopes.Names.Select(_ => new RankMoments()).ToArray());
        for (var row = 0; row < _x.Length; row++)
        {
            if (scopes.Of(row) is > 0 and var code)
            {
                values[code - 1].Add(_x[row], _y[row]);
                ranks[code - 1].Add(_xRanks[row], _yRanks[row]);
            }
        }

        return scopes.Names.Select((name, i) => (name, values[i].Rows, values[i].Correlation, ranks[i].Correlation)).Where(scope => scope.Rows > 0);
    }

    private static void Scale(double[] values)
    {
        if (values.Length == 0)
        {
            return;
        }

        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        var size = Math.Max((high / 2) - (low / 2), 1e-300);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((values[i] / 2) - (low / 2)) / size;
        }
    }

    /// <summary>Of values that tie the middle one.</summary>
    private static long[] Ranks(double[] values)
    {
        var (sorted, rows) = ((double[])values.Clone(), Enumerable.Range(0, values.Length).ToArray());
        Array.Sort(sorted, rows);
        var ranks = new long[values.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            for (var i = start; i < end; i++)
            {
                ranks[rows[i]] = (long)start + end - values.Length;
            }
        }

        return ranks;
    }
}
