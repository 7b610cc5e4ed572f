using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Difference;

/// <summary>The parts in which two expressions of one shape differ.</summary>
internal static class ExpressionDifference
{
    /// <summary>One part of an expression, before and after.</summary>
    public sealed record Part(string? Aspect, string? Before, string? After);

    public static ImmutableArray<Part> Between(Expr before, Expr after) =>
        Parts(before, after, null) is { } parts ? [.. parts] : [new(null, before.ToString(), after.ToString())];

    /// <summary>Null where the shapes differ.</summary>
    private static List<Part>? Parts(Expr before, Expr after, Expr? comparedWith)
    {
        var (old, now) = (before.Unwrapped, after.Unwrapped);
        return (old, now) switch
        {
            _ when old.ToString() == now.ToString() => [],
            (Expr.Number first, Expr.Number second) => [new(comparedWith is null ? "number" : $"threshold of {comparedWith.Unwrapped}", first.ToString(), second.ToString())],
            (Expr.Selector first, Expr.Selector second) => Selectors(first, second),
            (Expr.RangeSelector first, Expr.RangeSelector second) => [.. Window(first.Vector.Metric, first.Range, second.Range), .. Selectors(first.Vector, second.Vector)],
            (Expr.Subquery first, Expr.Subquery second) when first.Step == second.Step && first.Shift == second.Shift =>
                Parts(first.Operand, second.Operand, null) is { } inner ? [.. Window(first.Operand.ToString(), first.Range, second.Range), .. inner] : null,
            (Expr.Unary first, Expr.Unary second) when first.Negative == second.Negative => Parts(first.Operand, second.Operand, comparedWith),
            (Expr.Binary first, Expr.Binary second) => Binaries(first, second),
            (Expr.Aggregate first, Expr.Aggregate second) => Aggregates(first, second),
            (Expr.Call first, Expr.Call second) when first.Function == second.Function && first.Arguments.Length == second.Arguments.Length => All(first.Arguments.Zip(second.Arguments)),
            _ => null,
        };
    }

    private static List<Part> Selectors(Expr.Selector before, Expr.Selector after)
    {
        var name = after.Metric ?? "the selector";
        var labels = before.Matchers.Concat(after.Matchers).Select(matcher => matcher.Label).Distinct();
        return
        [
            .. from label in labels
               let old = Of(before, label)
               let now = Of(after, label)
               where old != now
               select new Part(label == Labels.NameLabel ? "series" : $"label {label} of {name}", old, now),
            .. before.Shift == after.Shift ? Array.Empty<Part>() : [new($"time of {name}", Shift(before), Shift(after))],
        ];
    }

    private static string Of(Expr.Selector selector, string label)
    {
        var matchers = selector.Matchers.Where(matcher => matcher.Label == label).ToList();
        return matchers.Count == 0 ? "any" : string.Join(",", matchers.Select(matcher => label == Labels.NameLabel ? matcher.Value : $"{matcher.Sign}{Quoted.Text(matcher.Value)}").Order(StringComparer.Ordinal));
    }

    private static string Shift(Expr.Selector selector) => selector.Shift.IsNone ? "now" : (selector with { Matchers = [] }).ToString().Replace("{}", "", StringComparison.Ordinal).Trim();

    private static Part[] Window(string? of, long before, long after) =>
        before == after ? [] : [new($"window of {of ?? "the selector"}", NumberText.Duration(before), NumberText.Duration(after))];

    private static List<Part>? Binaries(Expr.Binary before, Expr.Binary after)
    {
        var compares = before.Op.IsComparison() && after.Op.IsComparison();
        if ((before.Op != after.Op && !compares) || before.ReturnsBool != after.ReturnsBool)
        {
            return null;
        }

        var left = Parts(before.Left, after.Left, compares ? after.Right : null);
        var right = Parts(before.Right, after.Right, compares ? after.Left : null);
        Part[] op = before.Op == after.Op ? [] : [new("operator", before.Op.Sign(), after.Op.Sign())];
        var (old, now) = (Matching(before), Matching(after));
        Part[] matching = old == now ? [] : [new($"how {after.Op.Sign()} matches", old, now)];
        return left is null || right is null ? null : [.. op, .. matching, .. left, .. right];
    }

    private static string Matching(Expr.Binary binary)
    {
        var matching = binary.Matching;
        var labels = $"{(matching.On ? "on" : "ignoring")} ({string.Join(", ", matching.Labels)})";
        return matching.IsDefault ? "all labels" : matching.Cardinality == Cardinality.OneToOne ? labels : $"{labels} {matching.Cardinality} ({string.Join(", ", matching.Include)})";
    }

    private static List<Part>? Aggregates(Expr.Aggregate before, Expr.Aggregate after)
    {
        if (before.Parameter is null != after.Parameter is null)
        {
            return null;
        }

        Part[] op = before.Op == after.Op ? [] : [new("aggregation", before.Op.Name(), after.Op.Name())];
        var (old, now) = (Grouping(before), Grouping(after));
        Part[] grouping = old == now ? [] : [new($"grouping of {after.Op.Name()}", old, now)];
        var inner = Parts(before.Operand, after.Operand, null);
        var parameter = before.Parameter is { } first && after.Parameter is { } second ? Parts(first, second, null) : [];
        return inner is null || parameter is null ? null : [.. op, .. grouping, .. parameter, .. inner];
    }

    private static string Grouping(Expr.Aggregate aggregate) =>
        aggregate.Grouping is { } grouping ? $"{(grouping.Without ? "without" : "by")} ({string.Join(", ", grouping.Labels.Order(StringComparer.Ordinal))})" : "none";

    private static List<Part>? All(IEnumerable<(Expr Before, Expr After)> pairs)
    {
        var all = pairs.Select(pair => Parts(pair.Before, pair.After, null)).ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(parts => parts!)];
    }
}
