using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Scores in ascending order with whether each row is positive: sorted once, walked for every way to form segments.</summary>
internal sealed class RankedScores
{
    private readonly double[] _scores;
    private readonly int[] _rows;
    private readonly ushort[] _positives;

    private RankedScores(double[] scores, int[] rows, ushort[] positives) => (_scores, _rows, _positives) = (scores, rows, positives);

    /// <summary>Sorts the scores themselves.</summary>
    public static RankedScores Of(double[] scores, ushort[] positives)
    {
        var rows = new int[scores.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i;
        }

        Array.Sort(scores, rows);
        return new(scores, rows, positives);
    }

    /// <summary>What each scope that has rows comes to.</summary>
    public IEnumerable<(string Scope, RankSums Sums)> Reduce(SegmentScopes scopes)
    {
        var sums = scopes.Names.Select(_ => new RankSums()).ToArray();
        for (var i = _scores.Length - 1; i >= 0; i--)
        {
            var row = _rows[i];
            if (scopes.Of(row) is > 0 and var code)
            {
                sums[code - 1].Add(_scores[i], _positives[row] != 0);
            }
        }

        return sums.Select((one, i) => (scopes.Names[i], one.Close())).Where(pair => pair.Item2.Positives + pair.Item2.Negatives > 0);
    }
}

/// <summary>Sums over scores in descending order, those that tie taken together.</summary>
internal sealed class RankSums
{
    private long _positives;
    private long _negatives;
    private long _tiedPositives;
    private long _tiedNegatives;
    private double _score = double.NaN;
    private Int128 _beaten;
    private FixedSum _precision = new(FixedSum.Unit);

    public long Positives => _positives;

    public long Negatives => _negatives;

    /// <summary>Twice the pairs in which a positive wins, plus the pairs that tie.</summary>
    public double DoubledWins => (double)((2 * (Int128)_positives * _negatives) + _beaten);

    /// <summary>Over the positives, the precision down to their score.</summary>
    public double Precision => _precision.Value;

    public void Add(double score, bool isPositive)
    {
        if (score != _score)
        {
            Close();
            _score = score;
        }

        _tiedPositives += isPositive ? 1 : 0;
        _tiedNegatives += isPositive ? 0 : 1;
    }

    public RankSums Close()
    {
        _positives += _tiedPositives;
        _negatives += _tiedNegatives;
        if (_tiedPositives > 0)
        {
            _beaten += (Int128)_tiedPositives * (_tiedNegatives - (2 * _negatives));
            _precision.Add((double)_positives / (_positives + _negatives), _tiedPositives);
        }

        (_tiedPositives, _tiedNegatives) = (0, 0);
        return this;
    }
}
