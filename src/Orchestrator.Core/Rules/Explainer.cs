using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Takes a condition apart for one label set, at the instant and on the series of one evaluation.</summary>
internal sealed class Explainer(RuleRun run)
{
    private const int MaxParts = 20;

    private readonly Dictionary<Expr, ImmutableArray<VectorSample>> _samples = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, ImmutableArray<Labels>> _labelSets = new(ReferenceEqualityComparer.Instance);

    /// <summary>The label sets that a condition looks at, without names: those for which it holds, and those for which it could.</summary>
    public ImmutableArray<Labels> LabelSets(Expr expr)
    {
        if (!_labelSets.TryGetValue(expr, out var found))
        {
            found = [.. Looked(expr).Distinct()];
            _labelSets.Add(expr, found);
        }

        return found;
    }

    public Explanation Explain(Expr expr, Labels labels) => expr switch
    {
        Expr.Paren paren => Explain(paren.Operand, labels),
        Expr.Binary { Op: BinaryOp.And } and => And(and.ToString(), Explain(and.Left, labels), Any(and, and.Right, labels)),
        Expr.Binary { Op: BinaryOp.Or } or => Or(or, labels),
        Expr.Binary { Op: BinaryOp.Unless } unless => Unless(unless.ToString(), Explain(unless.Left, labels), Any(unless, unless.Right, labels)),
        Expr.Binary { ReturnsBool: false } comparison when comparison.Op.IsComparison() => Compare(comparison, labels),
        _ => Value(expr, labels),
    };

    private static Explanation And(string text, Explanation left, Explanation right) =>
        new(ExplanationKind.All, text, left.Labels, left.Holds && right.Holds) { Parts = [left, right], Value = left.Value };

    private static Explanation Unless(string text, Explanation left, Explanation right) =>
        And(text, left, new(ExplanationKind.None, right.Text, right.Labels, !right.Holds) { Parts = [right] });

    /// <summary>The right side counts where the left side has nothing that matches it.</summary>
    private Explanation Or(Expr.Binary or, Labels labels)
    {
        var left = Explain(or.Left, labels);
        var right = Explain(or.Right, labels);
        right = or.Matching.IsDefault ? right : Unless(right.Text, right, Any(or, or.Left, labels));
        return new(ExplanationKind.Any, or.ToString(), labels, left.Holds || right.Holds) { Parts = [left, right], Value = left.Holds ? left.Value : right.Value };
    }

    /// <summary>Whether a side has any element that matches the labels.</summary>
    private Explanation Any(Expr.Binary set, Expr side, Labels labels)
    {
        var signature = new Signature(set.Matching);
        var wanted = signature.Of(labels);
        var parts = LabelSets(side).Where(other => signature.Of(other) == wanted).Order().Select(other => Explain(side, other)).ToImmutableArray();
        return parts switch
        {
            [var one] => one,
            [] => new(ExplanationKind.Value, side.ToString(), wanted, false),
            _ => new(ExplanationKind.Any, side.ToString(), wanted, parts.Any(part => part.Holds)) { Parts = parts },
        };
    }

    private Explanation Compare(Expr.Binary comparison, Labels labels)
    {
        var left = Side(comparison, comparison.Left, labels);
        var right = Side(comparison, comparison.Right, labels);
        var explained = new Explanation(ExplanationKind.Comparison, comparison.ToString(), labels, false) { Operator = comparison.Op.Sign(), Parts = Shown(left, right) };
        if (left?.Value is not { } value || right?.Value is not { } threshold)
        {
            return explained with { Value = left?.Value, Threshold = right?.Value };
        }

        return explained with
        {
            Holds = BinaryOperation.Holds(comparison.Op, value, threshold),
            Value = value,
            Threshold = threshold,
            Flip = Flips.Of(comparison.Op, value, threshold),
            Rows = Element.Fewer(left.Rows, right.Rows),
        };
    }

    private static ImmutableArray<Explanation> Shown(params Explanation?[] sides) => [.. sides.OfType<Explanation>().Where(side => !double.TryParse(side.Text, System.Globalization.CultureInfo.InvariantCulture, out _))];

    /// <summary>What one side of an operator gives for the labels of the result; none where it gives nothing.</summary>
    private Explanation? Side(Expr.Binary binary, Expr side, Labels labels)
    {
        if (IsNumber(side))
        {
            return Value(side, Labels.Empty);
        }

        var withNumber = IsNumber(binary.Left) || IsNumber(binary.Right);
        var found = Samples(side).Where(sample => withNumber ? Nameless(sample.Labels) == labels : Belongs(binary, side, sample.Labels, labels)).Select(sample => (VectorSample?)sample).FirstOrDefault();
        return found is { } element ? Value(side, Nameless(element.Labels)) : null;
    }

    private static bool Belongs(Expr.Binary binary, Expr side, Labels element, Labels result)
    {
        var signature = new Signature(binary.Matching);
        if (signature.Of(element) != signature.Of(result))
        {
            return false;
        }

        var isMany = binary.Matching.Cardinality == (ReferenceEquals(side, binary.Left) ? Cardinality.ManyToOne : Cardinality.OneToMany);
        string[] aside = [.. binary.Matching.Include, Labels.NameLabel];
        return !isMany || element.Without(aside) == result.Without(aside);
    }

    private Explanation Value(Expr expr, Labels labels)
    {
        var inner = expr.Unwrapped;
        var found = Samples(inner).Where(sample => Nameless(sample.Labels) == labels).Select(sample => (VectorSample?)sample).FirstOrDefault();
        return new(ExplanationKind.Value, inner.ToString(), labels, found is not null)
        {
            Value = found?.Value, Rows = found?.Rows ?? 0, Parts = found is null ? [] : Below(inner, labels),
        };
    }

    /// <summary>The parts that a number was made of.</summary>
    private ImmutableArray<Explanation> Below(Expr expr, Labels labels) => expr switch
    {
        Expr.Binary { ReturnsBool: false } comparison when comparison.Op.IsComparison() || comparison.Op.IsSet() => [Explain(comparison, labels)],
        Expr.Binary binary => Shown(Side(binary, binary.Left, labels), Side(binary, binary.Right, labels)),
        Expr.Unary unary => [Value(unary.Operand, labels)],
        Expr.Call call => [.. call.Arguments.Where(IsVector).Select(argument => Value(argument, labels)).Where(part => part.Holds)],
        Expr.Aggregate aggregate when IsVector(aggregate.Operand) => [.. Group(aggregate, labels)],
        _ => [],
    };

    private IEnumerable<Explanation> Group(Expr.Aggregate aggregate, Labels labels)
    {
        var kept = aggregate.Grouping ?? new(false, []);
        Labels Key(Labels element) => kept.Without ? element.Without([.. kept.Labels, Labels.NameLabel]) : element.Only(kept.Labels.AsSpan());
        return Samples(aggregate.Operand.Unwrapped).Select(sample => Nameless(sample.Labels)).Where(element => Key(element) == Key(labels)).Order().Take(MaxParts)
            .Select(element => Value(aggregate.Operand, element));
    }

    private static bool IsVector(Expr expr) => expr.Unwrapped is not (Expr.RangeSelector or Expr.Subquery or Expr.Text) && !IsNumber(expr);

    private static bool IsNumber(Expr expr) => expr.Unwrapped switch
    {
        Expr.Number => true,
        Expr.Unary unary => IsNumber(unary.Operand),
        Expr.Binary binary => IsNumber(binary.Left) && IsNumber(binary.Right),
        Expr.Call call => call.Function is "time" or "pi" or "scalar",
        _ => false,
    };

    private ImmutableArray<VectorSample> Samples(Expr expr)
    {
        if (!_samples.TryGetValue(expr, out var found))
        {
            found = run.Query(expr);
            _samples.Add(expr, found);
        }

        return found;
    }

    /// <summary>A comparison looks at all elements of its sides that find each other.</summary>
    private IEnumerable<Labels> Looked(Expr expr) => expr switch
    {
        Expr.Paren paren => LabelSets(paren.Operand),
        Expr.Binary { Op: BinaryOp.And or BinaryOp.Unless } binary => LabelSets(binary.Left),
        Expr.Binary { Op: BinaryOp.Or } binary => LabelSets(binary.Left).Concat(LabelSets(binary.Right)),
        Expr.Binary { ReturnsBool: false } comparison when comparison.Op.IsComparison() => Samples(comparison with { ReturnsBool = true }).Select(sample => Nameless(sample.Labels)),
        _ => Samples(expr).Select(sample => Nameless(sample.Labels)),
    };

    private static Labels Nameless(Labels labels) => labels.Without(Labels.NameLabel);
}
