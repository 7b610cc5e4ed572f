using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>One thing that has to hold: a result is there, with a number within bounds.</summary>
/// <param name="Key">Canonical text of what is compared.</param>
/// <param name="On">Labels in which it meets the first condition; null where in all of them.</param>
/// <param name="Allowed">The numbers with which it holds.</param>
/// <param name="Facts">Of what is compared, before the comparison.</param>
internal sealed record Condition(string Key, ImmutableArray<string>? On, Interval Allowed, Facts Facts, RulePart Part, Span Span)
{
    /// <summary>Whether it speaks of the very series that the first condition speaks of, where both have one key.</summary>
    public bool IsSameSeries => On is not { } on || (!Facts.Labels.IsOpen && Facts.Labels.Known.All(label => label.Value.IsPinned || on.Contains(label.Key)));

    /// <summary>Identity for comparing conditions of two rules.</summary>
    public string Identity => On is { } on ? $"{Key} on ({string.Join(",", on)})" : Key;

    /// <summary>What has to hold for a part of a rule to give anything; all of it together is what the part says, but for what <c>unless</c> removes.</summary>
    public static IEnumerable<Condition> Of(RulePart part, KnownSeries series, ImmutableArray<string>? on = null) => Of(part.Root, new Reading(part, series, on));

    private static IEnumerable<Condition> Of(Expr expr, Reading reading)
    {
        switch (expr.Unwrapped)
        {
            case Expr.Binary { Op: BinaryOp.And } both:
                var inner = reading with { On = Together(reading.On, both.Matching) };
                return Of(both.Left, reading).Concat(Of(both.Right, inner));
            case Expr.Binary { Op: BinaryOp.Unless } unless:
                return Of(unless.Left, reading).Append(reading.Presence($"unless {unless.Right}", unless.Right));
            case Expr.Binary { ReturnsBool: false } comparison when comparison.Op.IsComparison() && Compared(comparison, reading) is { } condition:
                return [condition];
            default:
                return [reading.Presence(expr.Unwrapped.ToString(), expr)];
        }
    }

    private static Condition? Compared(Expr.Binary comparison, Reading reading)
    {
        var inference = new Inference(reading.Series);
        var (left, right) = (inference.Of(comparison.Left), inference.Of(comparison.Right));
        if (Meeting.IsScalar(comparison.Right) && right.Value.Constant is not null)
        {
            return reading.Compared(comparison.Left, left, Comparison.Kept(comparison.Op, left.Value, right.Value), comparison.Span);
        }

        return Meeting.IsScalar(comparison.Left) && left.Value.Constant is not null
            ? reading.Compared(comparison.Right, right, Comparison.Kept(Comparison.Swapped(comparison.Op), right.Value, left.Value), comparison.Span)
            : null;
    }

    /// <summary>A meeting inside another narrows to the labels of both.</summary>
    private static ImmutableArray<string>? Together(ImmutableArray<string>? outer, VectorMatching matching) =>
        matching.IsDefault ? outer : matching.On ? [.. matching.Labels] : outer is null ? [] : outer;

    private sealed record Reading(RulePart Part, KnownSeries Series, ImmutableArray<string>? On)
    {
        public Condition Compared(Expr operand, Facts facts, Interval allowed, Span span) => new(operand.Unwrapped.ToString(), On, allowed, facts, Part, span);

        public Condition Presence(string key, Expr expr) => new(key, On, Interval.Any, new Inference(Series).Of(expr), Part, expr.Span);
    }
}
