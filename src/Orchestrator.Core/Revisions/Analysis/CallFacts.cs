using System.Collections.Frozen;
using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What is known of a function's result; nothing is claimed of functions that do not stand here.</summary>
internal static class CallFacts
{
    private static readonly FrozenDictionary<string, Interval> Fixed = new Dictionary<string, Interval>
    {
        ["count_over_time"] = Interval.Between(1, double.PositiveInfinity),
        ["present_over_time"] = Interval.Of(1),
        ["rate"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["increase"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["irate"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["changes"] = Interval.ZeroOrMore,
        ["resets"] = Interval.ZeroOrMore,
        ["stddev_over_time"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["stdvar_over_time"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["sgn"] = Interval.Between(-1, 1) with { MayBeNaN = true },
        ["sin"] = Interval.Between(-1, 1) with { MayBeNaN = true },
        ["cos"] = Interval.Between(-1, 1) with { MayBeNaN = true },
        ["tanh"] = Interval.Between(-1, 1) with { MayBeNaN = true },
        ["exp"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["sqrt"] = Interval.ZeroOrMore with { MayBeNaN = true },
        ["histogram_fraction"] = Interval.Share with { MayBeNaN = true },
        ["minute"] = Interval.Between(0, 59) with { MayBeNaN = true },
        ["hour"] = Interval.Between(0, 23) with { MayBeNaN = true },
        ["day_of_week"] = Interval.Between(0, 6) with { MayBeNaN = true },
        ["day_of_month"] = Interval.Between(1, 31) with { MayBeNaN = true },
        ["day_of_year"] = Interval.Between(1, 366) with { MayBeNaN = true },
        ["days_in_month"] = Interval.Between(28, 31) with { MayBeNaN = true },
        ["month"] = Interval.Between(1, 12) with { MayBeNaN = true },
        ["pi"] = Interval.Of(Math.PI),
        ["time"] = Interval.ZeroOrMore,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A function that gives one of the numbers it is given, or one between them.</summary>
    private static readonly FrozenSet<string> Within =
        new[] { "avg_over_time", "min_over_time", "max_over_time", "last_over_time", "first_over_time", "sort", "sort_desc", "label_replace", "label_join", "vector" }.ToFrozenSet(StringComparer.Ordinal);

    public static Facts Of(Expr.Call call, ImmutableArray<Facts> arguments)
    {
        var main = arguments.IsEmpty ? Facts.Scalar(Interval.Any) : arguments.MaxBy(argument => argument.Labels != LabelFacts.None)!;
        return call.Function switch
        {
            "absent" or "absent_over_time" => new(Interval.Of(1), Pinned(call), IsFiltered: true),
            "scalar" => Facts.Scalar(main.Value with { MayBeNaN = true }),
            "vector" => main with { Labels = LabelFacts.None },
            _ => main with { Value = Value(call, arguments), Labels = Labels(call, main.Labels), IsFiltered = main.IsFiltered || call.Function is "rate" or "irate" or "increase" or "delta" or "deriv" },
        };
    }

    private static Interval Value(Expr.Call call, ImmutableArray<Facts> arguments)
    {
        var first = arguments.IsEmpty ? Interval.Any : arguments[0].Value;
        return call.Function switch
        {
            _ when Fixed.TryGetValue(call.Function, out var known) => known,
            _ when Within.Contains(call.Function) => first,
            "abs" => first.Low >= 0 ? first : Interval.Between(0, Math.Max(Math.Abs(first.Low), Math.Abs(first.High))) with { MayBeNaN = first.MayBeNaN },
            "ceil" => first.Rising(Math.Ceiling),
            "floor" => first.Rising(Math.Floor),
            "sum_over_time" => AggregateFacts.Sum(first),
            "quantile_over_time" when Interval.Share.Covers(first) && !first.MayBeNaN => arguments[1].Value,
            "clamp_min" when arguments[1].Value.Constant is { } least => first.Rising(value => Math.Max(value, least)),
            "clamp_max" when arguments[1].Value.Constant is { } most => first.Rising(value => Math.Min(value, most)),
            _ => Interval.Any,
        };
    }

    private static LabelFacts Labels(Expr.Call call, LabelFacts labels) => call.Function switch
    {
        "label_replace" or "label_join" when call.Arguments[1].Unwrapped is Expr.Text target => labels.With(target.Value, LabelValues.Unknown),
        "histogram_quantile" or "histogram_fraction" => Inference.Nameless(labels).Without(["le"]),
        "last_over_time" or "first_over_time" or "sort" or "sort_desc" => labels,
        _ => Inference.Nameless(labels),
    };

    private static LabelFacts Pinned(Expr.Call call) => call.Arguments[0].Unwrapped switch
    {
        Expr.Selector selector => Pinned(selector),
        Expr.RangeSelector range => Pinned(range.Vector),
        _ => LabelFacts.None,
    };

    private static LabelFacts Pinned(Expr.Selector selector) => LabelFacts.Closed(
        selector.Matchers.Where(matcher => matcher.Label != Series.Labels.NameLabel).GroupBy(matcher => matcher.Label)
            .Where(group => group.Count() == 1 && group.Single() is { Op: MatchOp.Equal, Value.Length: > 0 })
            .Select(group => (group.Key, LabelValues.Of(group.Single().Value))));
}
