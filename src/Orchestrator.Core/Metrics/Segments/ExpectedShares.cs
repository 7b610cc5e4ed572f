namespace Orchestrator.Core.Metrics.Segments;

/// <summary>The share of bad rows that is expected of each row, given the segments found so far.</summary>
/// <remarks>
/// Rows that lie in the same found segments are one level and share one number, so sums are made of whole counts and the order of the rows changes no bit.
/// Each found segment scales its levels to its own bad rows and the others to theirs: one step of iterative proportional fitting (Deming and Stephan 1940).
/// </remarks>
internal sealed class ExpectedShares
{
    private const double Highest = 0.99;

    private readonly SliceRows _rows;
    private readonly ushort[] _levels;
    private double[] _shares;

    public ExpectedShares(SliceRows rows)
    {
        _rows = rows;
        _levels = new ushort[rows.Count];
        _shares = [(double)rows.Bad.Count(bad => bad) / Math.Max(1, rows.Count)];
    }

    public int Levels => _shares.Length;

    public ReadOnlySpan<ushort> LevelOfRow => _levels;

    /// <summary>Bad rows expected among so many rows of each level, and their variance.</summary>
    public (double Expected, double Variance) Of(ReadOnlySpan<int> rowsOfLevel)
    {
        double expected = 0, variance = 0;
        for (var level = 0; level < rowsOfLevel.Length; level++)
        {
            var share = _shares[level];
            expected += rowsOfLevel[level] * share;
            variance += rowsOfLevel[level] * share * (1 - share);
        }

        return (expected, variance);
    }

    /// <summary>Takes the segment of these rows as known.</summary>
    public void Explain(int[] members)
    {
        var inside = new bool[_rows.Count];
        foreach (var row in members)
        {
            inside[row] = true;
        }

        var counts = new int[2, Levels];
        var bad = new long[2];
        for (var row = 0; row < inside.Length; row++)
        {
            var side = inside[row] ? 1 : 0;
            counts[side, _levels[row]]++;
            bad[side] += _rows.Bad[row] ? 1 : 0;
        }

        Split(inside, counts, [Factor(counts, 0, bad[0]), Factor(counts, 1, bad[1])]);
    }

    private double Factor(int[,] counts, int side, long bad)
    {
        var expected = _shares.Select((share, level) => share * counts[side, level]).Sum();
        return expected > 0 ? bad / expected : 1;
    }

    private void Split(bool[] inside, int[,] counts, double[] factors)
    {
        var places = new ushort[2, Levels];
        var shares = new List<double>();
        for (var level = 0; level < Levels; level++)
        {
            for (var side = 0; side < 2; side++)
            {
                places[side, level] = (ushort)shares.Count;
                if (counts[side, level] > 0)
                {
                    shares.Add(Math.Min(Highest, _shares[level] * factors[side]));
                }
            }
        }

        for (var row = 0; row < inside.Length; row++)
        {
            _levels[row] = places[inside[row] ? 1 : 0, _levels[row]];
        }

        _shares = [.. shares];
    }
}
