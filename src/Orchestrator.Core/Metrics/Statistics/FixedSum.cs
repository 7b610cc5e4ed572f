namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>A sum of real terms over whole numbers of a small unit: no order of the terms changes a bit. The same as <see cref="Sql"/> does it.</summary>
internal struct FixedSum(double unit)
{
    /// <summary>2⁴⁰, for terms of at most 2²² in size.</summary>
    public const double Unit = 1099511627776;

    /// <summary>2⁵⁸, for terms of at most 16 in size.</summary>
    public const double Fine = 288230376151711744;

    private Int128 _sum;

    public readonly double Value => (double)_sum / unit;

    public void Add(double term, long times = 1) => _sum += (Int128)(long)Math.Round(term * unit, MidpointRounding.AwayFromZero) * times;
}
