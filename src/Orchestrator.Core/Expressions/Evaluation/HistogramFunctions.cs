using System.Globalization;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of classic histograms: series of cumulative counts by upper bound, in the label <c>le</c>.</summary>
internal static class HistogramFunctions
{
    private const string BoundLabel = "le";

    private const string ForcedMonotonicity =
        "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

    public static IEnumerable<Function> All =>
        [new("histogram_quantile", Quantiles), new("histogram_fraction", Fractions)];

    private static Value.Vector Quantiles(Run run, Expr.Call call, long time)
    {
        var q = run.Scalar(call.Arguments[0], time);
        Quantile.Check(run, call.Arguments[0], q);
        return Each(run, call, time, (labels, buckets) =>
        {
            var (quantile, correction) = BucketMath.Quantile(q, buckets);
            if (correction is { } corrected)
            {
                run.Corrected(call.Arguments[^1], $"{ForcedMonotonicity}{NameIn(run, labels)}", corrected, time);
            }

            return quantile;
        });
    }

    private static Value.Vector Fractions(Run run, Expr.Call call, long time)
    {
        var lower = run.Scalar(call.Arguments[0], time);
        var upper = run.Scalar(call.Arguments[1], time);
        return Each(run, call, time, (_, buckets) => BucketMath.Fraction(lower, upper, buckets));
    }

    private static Value.Vector Each(Run run, Expr.Call call, long time, Func<Labels, List<Bucket>, double> function)
    {
        var histograms = new Dictionary<Labels, (List<Bucket> Buckets, int Rows)>();
        foreach (var element in run.Vector(call.Arguments[^1], time))
        {
            if (Bound(element.Labels[BoundLabel]) is not { } bound)
            {
                NoteBadBound(run, call, element);
                continue;
            }

            var key = element.Labels.Without(BoundLabel);
            var (buckets, rows) = histograms.GetValueOrDefault(key, ([], 0));
            buckets.Add(new Bucket(bound, element.Value));
            histograms[key] = (buckets, Element.Fewer(rows, element.Rows));
        }

        var results = histograms.OrderBy(pair => pair.Key)
            .Select(pair => run.Nameless(new Element(pair.Key, function(pair.Key, pair.Value.Buckets), pair.Value.Rows)));
        return new Value.Vector(run.Distinct([.. results], call));
    }

    private static void NoteBadBound(Run run, Expr.Call call, in Element element) => run.Warn(
        call.Arguments[^1],
        $"bucket label \"le\" is missing or has a malformed value of {Quoted.Text(element.Labels[BoundLabel])}{NameIn(run, element.Labels)}");

    private static string NameIn(Run run, Labels labels) =>
        run.Options.DelayedNameRemoval && labels.Name.Length > 0 ? $" for metric name {Quoted.Text(labels.Name)}" : "";

    private static double? Bound(string text)
    {
        var bare = text.TrimStart('+', '-');
        if (bare.Equals("inf", StringComparison.OrdinalIgnoreCase) || bare.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            return text.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var bound) && !double.IsInfinity(bound) ? bound : null;
    }
}
