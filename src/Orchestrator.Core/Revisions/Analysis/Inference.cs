using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>Derives from the known series what an expression can give.</summary>
/// <param name="Note">Told of every comparison and every meeting of two sides, with what is known of both.</param>
internal sealed class Inference(KnownSeries series, Action<Expr.Binary, Facts, Facts>? Note = null)
{
    public Facts Of(Expr expr) => expr switch
    {
        Expr.Number number => Facts.Scalar(Interval.Of(number.Value)),
        Expr.Text => Facts.Scalar(Interval.Any),
        Expr.Selector selector => Selected(selector),
        Expr.RangeSelector range => Selected(range.Vector),
        Expr.Subquery subquery => Of(subquery.Operand),
        Expr.Paren paren => Of(paren.Operand),
        Expr.Unary { Negative: true } unary => Of(unary.Operand) is var facts ? facts with { Value = -facts.Value, Labels = Nameless(facts.Labels) } : facts,
        Expr.Unary unary => Of(unary.Operand),
        Expr.Binary binary => Binary(binary),
        Expr.Aggregate aggregate => AggregateFacts.Of(aggregate, Of(aggregate.Operand), aggregate.Parameter is { } parameter ? Of(parameter) : null),
        Expr.Call call => CallFacts.Of(call, [.. call.Arguments.Select(Of)]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    internal static LabelFacts Nameless(LabelFacts labels) => labels.Without([Labels.NameLabel]);

    private Facts Selected(Expr.Selector selector)
    {
        var all = selector.Metric is { } name ? series.Of(name) : Facts.Unknown;
        var labels = selector.Matchers.Aggregate(all.Labels, (facts, matcher) =>
            matcher.Label == Labels.NameLabel ? facts : facts.With(matcher.Label, facts[matcher.Label].Narrowed(matcher)));
        return all with { Labels = labels, IsEmpty = all.IsEmpty || labels.Known.Values.Any(values => values.IsImpossible) };
    }

    private Facts Binary(Expr.Binary binary)
    {
        var (left, right) = (Of(binary.Left), Of(binary.Right));
        Note?.Invoke(binary, left, right);
        return binary.Op switch
        {
            BinaryOp.Or => left.Or(right),
            BinaryOp.And => left with { IsFiltered = true, IsEmpty = left.IsEmpty || right.IsEmpty || Meeting.Conflict(binary, left, right) is not null },
            BinaryOp.Unless => left with { IsFiltered = left.IsFiltered || !right.IsEmpty },
            _ => Joined(binary, left, right),
        };
    }

    private static Facts Joined(Expr.Binary binary, Facts left, Facts right)
    {
        var empty = left.IsEmpty || right.IsEmpty || Meeting.Conflict(binary, left, right) is not null;
        var labels = Meeting.Labels(binary, left, right);
        var filtered = left.IsFiltered || right.IsFiltered || (Meeting.IsJoin(binary) && binary.Op.IsArithmetic());
        if (!binary.Op.IsComparison())
        {
            return new(Arithmetic.Of(binary.Op, left.Value, right.Value), Nameless(labels), filtered, empty);
        }

        var verdict = Comparison.Verdict(binary.Op, left.Value, right.Value);
        if (binary.ReturnsBool)
        {
            return new(verdict is { } known ? Interval.Of(known ? 1 : 0) : Interval.Share, Nameless(labels), filtered, empty);
        }

        var value = Meeting.IsScalar(binary.Left)
            ? Comparison.Kept(Comparison.Swapped(binary.Op), right.Value, left.Value)
            : Comparison.Kept(binary.Op, left.Value, right.Value);
        return new(value, labels, IsFiltered: true, empty || verdict == false);
    }
}
