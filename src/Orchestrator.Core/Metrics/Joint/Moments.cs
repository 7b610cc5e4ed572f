using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Joint;

/// <summary>Sums of two columns of real numbers of the size of 1, and of their products; no order of the rows changes a bit.</summary>
internal sealed class ValueMoments
{
    private FixedSum _x = new(FixedSum.Fine);
    private FixedSum _y = new(FixedSum.Fine);
    private FixedSum _xx = new(FixedSum.Fine);
    private FixedSum _yy = new(FixedSum.Fine);
    private FixedSum _xy = new(FixedSum.Fine);

    public long Rows { get; private set; }

    /// <summary>NaN where one side does not vary.</summary>
    public double Correlation => Pearson.Of(Rows, (_x.Value, _xx.Value), (_y.Value, _yy.Value), _xy.Value);

    public void Add(double x, double y)
    {
        Rows++;
        _x.Add(x);
        _y.Add(y);
        _xx.Add(x * x);
        _yy.Add(y * y);
        _xy.Add(x * y);
    }
}

/// <summary>The same of whole numbers.</summary>
internal sealed class RankMoments
{
    private long _rows;
    private Int128 _x;
    private Int128 _y;
    private Int128 _xx;
    private Int128 _yy;
    private Int128 _xy;

    /// <inheritdoc cref="ValueMoments.Correlation"/>
    public double Correlation => Pearson.Of(_rows, ((double)_x, (double)_xx), ((double)_y, (double)_yy), (double)_xy);

    public void Add(long x, long y)
    {
        _rows++;
        _x += x;
        _y += y;
        _xx += (Int128)x * x;
        _yy += (Int128)y * y;
        _xy += (Int128)x * y;
    }
}

/// <summary>Pearson's coefficient from sums.</summary>
internal static class Pearson
{
    /// <summary>A smaller share of the squares is the rounding of columns that do not vary.</summary>
    private const double Rounding = 1e-12;

    public static double Of(long rows, (double Sum, double Squares) x, (double Sum, double Squares) y, double products)
    {
        var (spread, other) = ((rows * x.Squares) - (x.Sum * x.Sum), (rows * y.Squares) - (y.Sum * y.Sum));
        return spread > Rounding * rows * x.Squares && other > Rounding * rows * y.Squares
            ? ((rows * products) - (x.Sum * y.Sum)) / Math.Sqrt(spread * other)
            : double.NaN;
    }
}
