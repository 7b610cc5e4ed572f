namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Pearson's chi-square test of a 2 × k table of counts, without correction.</summary>
public readonly record struct ChiSquare(double Statistic, int DegreesOfFreedom, double Rows)
{
    public static ChiSquare Of(CountPair[] counts)
    {
        double first = counts.Sum(count => count.Reference), second = counts.Sum(count => count.Current), rows = first + second;
        var statistic = counts.Where(count => count.Sum > 0).Sum(count =>
        {
            var (a, b) = (first * count.Sum / rows, second * count.Sum / rows);
            return ((count.Reference - a) * (count.Reference - a) / a) + ((count.Current - b) * (count.Current - b) / b);
        });
        return new(statistic, counts.Count(count => count.Sum > 0) - 1, rows);
    }

    public double PValue => DegreesOfFreedom == 0 ? 1 : GammaFunction.UpperRegularized(DegreesOfFreedom / 2.0, Statistic / 2);

    /// <summary>The strength of the association, 0 to 1, whatever the number of rows.</summary>
    public double CramersV => Math.Sqrt(Statistic / Rows);
}
