namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>A running sum that keeps what rounding loses (Neumaier 1974, as Prometheus applies it).</summary>
internal readonly record struct CompensatedSum(double Sum, double Correction)
{
    public double Total => double.IsInfinity(Sum) ? Sum : Sum + Correction;

    public CompensatedSum Add(double value)
    {
        var sum = Sum + value;
        if (double.IsInfinity(sum))
        {
            return new CompensatedSum(sum, 0);
        }

        var lost = Math.Abs(Sum) >= Math.Abs(value) ? (Sum - sum) + value : (value - sum) + Sum;
        return new CompensatedSum(sum, Correction + lost);
    }

    public static double Of(ReadOnlySpan<double> values)
    {
        var sum = default(CompensatedSum);
        foreach (var value in values)
        {
            sum = sum.Add(value);
        }

        return sum.Total;
    }

    /// <summary>Sum by count while the sum is finite, from there on the incremental mean, which does not overflow.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = new CompensatedSum(values[0], 0);
        var incremental = false;
        for (var i = 1; i < values.Length; i++)
        {
            var count = i + 1d;
            if (!incremental)
            {
                var next = sum.Add(values[i]);
                if (!double.IsInfinity(next.Sum))
                {
                    sum = next;
                    continue;
                }

                incremental = true;
                sum = new CompensatedSum(sum.Sum / i, sum.Correction / i);
            }

            var share = (count - 1) / count;
            sum = new CompensatedSum(share * sum.Sum, share * sum.Correction).Add(values[i] / count);
        }

        return incremental ? sum.Sum + sum.Correction : (sum.Sum / values.Length) + (sum.Correction / values.Length);
    }
}
