using System.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Elements put together by group, in the order in which groups first occur.</summary>
internal static class Aggregation
{
    public static IReadOnlyList<Element> Evaluate(Run run, Expr.Aggregate aggregate, long time)
    {
        var elements = run.Vector(aggregate.Operand, time);
        return aggregate.Op switch
        {
            AggregateOp.Topk or AggregateOp.Bottomk => Extremes(run, aggregate, elements, time),
            AggregateOp.CountValues => CountValues(run, aggregate, elements),
            AggregateOp.Quantile => Quantiles(run, aggregate, elements, time),
            _ => Reduce(aggregate.Grouping, elements, Reducer(aggregate.Op)),
        };
    }

    public static Func<ReadOnlySpan<double>, double> Reducer(AggregateOp op) => op switch
    {
        AggregateOp.Sum => values => CompensatedSum.Of(values),
        AggregateOp.Avg => values => CompensatedSum.Mean(values),
        AggregateOp.Count => values => values.Length,
        AggregateOp.Min => Smallest,
        AggregateOp.Max => Largest,
        AggregateOp.Group => _ => 1,
        AggregateOp.Stdvar => Variance,
        AggregateOp.Stddev => values => Math.Sqrt(Variance(values)),
        _ => throw new UnreachableException(),
    };

    /// <summary>NaN only where there is no number.</summary>
    public static double Smallest(ReadOnlySpan<double> values)
    {
        var best = values[0];
        foreach (var value in values)
        {
            best = value < best || double.IsNaN(best) ? value : best;
        }

        return best;
    }

    /// <summary>NaN only where there is no number.</summary>
    public static double Largest(ReadOnlySpan<double> values)
    {
        var best = values[0];
        foreach (var value in values)
        {
            best = value > best || double.IsNaN(best) ? value : best;
        }

        return best;
    }

    /// <summary>Population variance by Welford's method.</summary>
    private static double Variance(ReadOnlySpan<double> values)
    {
        var mean = values[0];
        var squares = double.IsFinite(mean) ? 0 : double.NaN;
        for (var i = 1; i < values.Length; i++)
        {
            var delta = values[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (values[i] - mean);
        }

        return squares / values.Length;
    }

    private static List<Element> Reduce(Grouping? grouping, IEnumerable<Element> elements, Func<ReadOnlySpan<double>, double> reduce)
    {
        var results = new List<Element>();
        foreach (var (labels, group) in Groups(grouping, elements))
        {
            var value = reduce(group.Select(element => element.Value).ToArray());
            var rows = group.Aggregate(0, (fewest, element) => Element.Fewer(fewest, element.Rows));
            results.Add(new Element(labels, value, rows, group.Exists(element => element.DropName)));
        }

        return results;
    }

    private static List<(Labels Labels, List<Element> Group)> Groups(Grouping? grouping, IEnumerable<Element> elements)
    {
        var signature = new Signature(grouping);
        var positions = new Dictionary<Labels, int>();
        var groups = new List<(Labels Labels, List<Element> Group)>();
        foreach (var element in elements)
        {
            var key = signature.Of(element.Labels);
            if (!positions.TryGetValue(key, out var at))
            {
                positions.Add(key, at = groups.Count);
                groups.Add((key, []));
            }

            groups[at].Group.Add(element);
        }

        return groups;
    }

    private static List<Element> Quantiles(Run run, Expr.Aggregate aggregate, IReadOnlyList<Element> elements, long time)
    {
        var q = run.Scalar(aggregate.Parameter!, time);
        Quantile.Check(run, aggregate.Parameter!, q);
        return Reduce(aggregate.Grouping, elements, values => Quantile.Of(q, values.ToArray()));
    }

    private static List<Element> Extremes(Run run, Expr.Aggregate aggregate, IReadOnlyList<Element> elements, long time)
    {
        var wanted = run.Scalar(aggregate.Parameter!, time);
        if (wanted < 1)
        {
            return [];
        }

        if (double.IsNaN(wanted) || wanted >= long.MaxValue)
        {
            run.Fail(aggregate.Parameter!, ExpressionCodes.Parameter, $"{aggregate.Op.Name()} cannot choose {NumberText.Fixed(wanted)} elements", "the parameter is a finite number");
            return [];
        }

        var count = (int)Math.Min(Math.Truncate(wanted), elements.Count);
        var sign = aggregate.Op == AggregateOp.Topk ? -1 : 1;
        var chosen = new List<Element>();
        foreach (var (_, group) in Groups(aggregate.Grouping, elements))
        {
            // A stable order: of equal values the first by labels is chosen; NaN comes last.
            chosen.AddRange(group.OrderBy(e => double.IsNaN(e.Value)).ThenBy(e => sign * e.Value).Take(count));
        }

        return chosen;
    }

    private static List<Element> CountValues(Run run, Expr.Aggregate aggregate, IReadOnlyList<Element> elements)
    {
        var label = ((Expr.Text)aggregate.Parameter!.Unwrapped).Value;
        if (label.Length == 0)
        {
            run.Fail(aggregate.Parameter, ExpressionCodes.Parameter, "count_values needs a label name");
            return [];
        }

        var grouping = aggregate.Grouping switch
        {
            { Without: true } without => without,
            { } by => by with { Labels = by.Labels.Add(label) },
            _ => new Grouping(false, [label]),
        };
        var labelled = elements.Select(element => element with { Labels = element.Labels.With(label, NumberText.Fixed(element.Value)) });
        return Reduce(grouping, labelled, values => values.Length);
    }
}
