using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The native histograms of one rule test: what a plain selector gives; anything else that would read them is said to be out of reach.</summary>
/// <param name="Start">Instant of the first step, in microseconds.</param>
/// <param name="Interval">Between steps, in microseconds.</param>
internal sealed record HistogramSeries(ImmutableArray<InputSeries> Series, long Start, long Interval)
{
    /// <summary>Why an expression cannot be evaluated; null where it reads no native histogram, or is a selector alone.</summary>
    public string? Objection(Expr expr) => Series.IsEmpty || expr.Unwrapped is Expr.Selector ? null : Read(expr);

    /// <summary>Why a rule cannot be evaluated; null where it reads no native histogram.</summary>
    public string? RuleObjection(Rule rule) => Series.IsEmpty ? null : Read(rule.Expression.Root) ?? (rule is Rule.Alerting { Clear: { } clear } ? Read(clear.Root) : null);

    /// <summary>What a selector alone gives at an instant.</summary>
    public IEnumerable<ExpectedSample> Select(Expr expr, long at)
    {
        if (Series.IsEmpty || expr.Unwrapped is not Expr.Selector selector)
        {
            yield break;
        }

        foreach (var series in Series.Where(series => Matches(selector, series.Labels)))
        {
            if (Newest(series, Shifted(selector.Shift, at)) is { } histogram)
            {
                yield return new(series.Labels, 0) { Histogram = histogram };
            }
        }
    }

    private static long Shifted(TimeShift shift, long at) => (shift.At == AtKind.Instant ? shift.AtTime : at) - shift.Offset;

    private NativeHistogram? Newest(InputSeries series, long at)
    {
        for (var i = (int)Math.Min(series.Histograms.Length - 1, (at - Start) / Interval); i >= 0; i--)
        {
            var point = series.Histograms[i];
            if (Start + (i * Interval) <= at - EvaluationOptions.Default.Lookback || point.IsStale)
            {
                return null;
            }

            if (point.Value is { } value && Start + (i * Interval) <= at)
            {
                return value;
            }
        }

        return null;
    }

    private string? Read(Expr expr) =>
        expr is Expr.Selector selector && Series.FirstOrDefault(series => Matches(selector, series.Labels)) is { } met
            ? $"it computes with native histograms ({met.Labels}), which can only be selected"
            : expr.Children.Select(Read).FirstOrDefault(text => text is not null);

    private static bool Matches(Expr.Selector selector, Labels labels) => selector.Matchers.All(matcher => matcher.Matches(labels));
}
