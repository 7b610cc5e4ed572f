using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What is known of an aggregation.</summary>
internal static class AggregateFacts
{
    public static Facts Of(Expr.Aggregate aggregate, Facts operand, Facts? parameter)
    {
        var chooses = aggregate.Op is AggregateOp.Topk or AggregateOp.Bottomk;
        var labels = chooses ? operand.Labels : Grouped(aggregate, operand.Labels);
        return new(Value(aggregate.Op, operand.Value, parameter?.Value), labels, operand.IsFiltered || chooses, operand.IsEmpty);
    }

    private static LabelFacts Grouped(Expr.Aggregate aggregate, LabelFacts labels)
    {
        var kept = aggregate.Grouping switch
        {
            { Without: true } without => labels.Without(without.Labels.Add(Labels.NameLabel)),
            { } by => labels.Only(by.Labels),
            null => LabelFacts.None,
        };
        return aggregate is { Op: AggregateOp.CountValues, Parameter: Expr.Text label } ? kept.With(label.Value, LabelValues.Some) : kept;
    }

    private static Interval Value(AggregateOp op, Interval of, Interval? parameter) => op switch
    {
        AggregateOp.Sum => Sum(of),
        AggregateOp.Avg or AggregateOp.Min or AggregateOp.Max or AggregateOp.Topk or AggregateOp.Bottomk => of,
        AggregateOp.Count or AggregateOp.CountValues => Interval.Between(1, double.PositiveInfinity),
        AggregateOp.Group => Interval.Of(1),
        AggregateOp.Stddev or AggregateOp.Stdvar => Interval.ZeroOrMore with { MayBeNaN = of.MayBeNaN || !IsModest(of) },
        AggregateOp.Quantile => parameter is { } share && Interval.Share.Covers(share) && !share.MayBeNaN ? of : Interval.Any,
        _ => Interval.Any,
    };

    /// <summary>Of one value or more.</summary>
    public static Interval Sum(Interval of) => new(
        of.Low >= 0 ? of.Low : double.NegativeInfinity, of.High <= 0 ? of.High : double.PositiveInfinity, of.MayBeNaN || !IsModest(of));

    /// <summary>No sum of squares of such numbers comes near infinity.</summary>
    private static bool IsModest(Interval of) => Math.Abs(of.Low) < 1e140 && Math.Abs(of.High) < 1e140;
}
