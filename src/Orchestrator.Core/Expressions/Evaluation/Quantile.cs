namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>The φ-quantile of numbers, interpolated linearly between neighbours; NaN counts as the smallest number.</summary>
internal static class Quantile
{
    public static double Of(double q, IEnumerable<double> values)
    {
        // Array.Sort puts NaN first, which is what is wanted.
        double[] sorted = [.. values];
        if (sorted.Length == 0 || double.IsNaN(q))
        {
            return double.NaN;
        }

        if (q is < 0 or > 1)
        {
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        Array.Sort(sorted);
        var rank = q * (sorted.Length - 1);
        var lower = (int)Math.Floor(rank);
        var upper = Math.Min(sorted.Length - 1, lower + 1);
        var weight = rank - lower;
        return (sorted[lower] * (1 - weight)) + (sorted[upper] * weight);
    }

    /// <summary>Notes a φ that no quantile has.</summary>
    public static void Check(Run run, Ast.Expr at, double q)
    {
        if (!(q is >= 0 and <= 1))
        {
            run.Warn(at, $"quantile value should be between 0 and 1, got {Ast.NumberText.General(q)}");
        }
    }
}
