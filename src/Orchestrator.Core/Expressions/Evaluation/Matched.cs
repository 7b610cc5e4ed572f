using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Arithmetic and comparisons of two vectors whose elements are matched by their labels.</summary>
internal sealed class Matched
{
    private readonly Run _run;
    private readonly Expr.Binary _binary;
    private readonly Signature _signature;
    private readonly Dictionary<Labels, HashSet<Labels>> _results = [];

    private Matched(Run run, Expr.Binary binary)
    {
        _run = run;
        _binary = binary;
        _signature = new Signature(binary.Matching);
    }

    private VectorMatching Matching => _binary.Matching;

    public static IReadOnlyList<Element> Evaluate(Run run, Expr.Binary binary, IReadOnlyList<Element> left, IReadOnlyList<Element> right)
    {
        var matched = new Matched(run, binary);
        var oneIsLeft = binary.Matching.Cardinality == Cardinality.OneToMany;
        return run.Distinct(oneIsLeft ? matched.Join(right, left) : matched.Join(left, right), binary);
    }

    private List<Element> Join(IReadOnlyList<Element> many, IReadOnlyList<Element> one)
    {
        var results = new List<Element>();
        if (many.Count == 0 || one.Count == 0)
        {
            return results;
        }

        var partners = BySignature(one);
        foreach (var element in many)
        {
            var signature = _signature.Of(element.Labels);
            if (partners.TryGetValue(signature, out var partner) && Pair(signature, element, partner) is { } result)
            {
                results.Add(result);
            }
        }

        return results;
    }

    private Dictionary<Labels, Element> BySignature(IReadOnlyList<Element> one)
    {
        var partners = new Dictionary<Labels, Element>(one.Count);
        foreach (var element in one)
        {
            var signature = _signature.Of(element.Labels);
            if (!partners.TryAdd(signature, element))
            {
                ManyToMany(signature, partners[signature].Labels, element.Labels);
                break;
            }
        }

        return partners;
    }

    private void ManyToMany(Labels signature, Labels first, Labels second)
    {
        var side = Matching.Cardinality == Cardinality.OneToMany ? "left" : "right";
        string[] pair = [first.ToString(), second.ToString()];
        Array.Sort(pair, StringComparer.Ordinal);
        _run.Fail(
            _binary,
            ExpressionCodes.ManyToMany,
            $"many-to-many matching: on the {side} side of {_binary.Op.Sign()} both {pair[0]} and {pair[1]} match {signature}",
            "one side must be unique by the labels that are matched");
    }

    private Element? Pair(Labels signature, in Element many, in Element one)
    {
        var swapped = Matching.Cardinality == Cardinality.OneToMany;
        var (left, right) = swapped ? (one.Value, many.Value) : (many.Value, one.Value);
        var labels = ResultLabels(_binary, many.Labels, one.Labels);
        if (!Unique(signature, labels))
        {
            return null;
        }

        var result = new Element(labels, left, Element.Fewer(many.Rows, one.Rows), many.DropName);
        if (_binary.Op.IsArithmetic())
        {
            return result with { Value = BinaryOperation.Arithmetic(_binary.Op, left, right) };
        }

        var holds = BinaryOperation.Holds(_binary.Op, left, right);
        if (_binary.ReturnsBool)
        {
            return _run.Nameless(result with { Value = holds ? 1 : 0 });
        }

        return holds ? result : null;
    }

    private bool Unique(Labels signature, Labels labels)
    {
        if (!_results.TryGetValue(signature, out var seen))
        {
            _results.Add(signature, seen = []);
        }

        if (Matching.Cardinality == Cardinality.OneToOne && seen.Count > 0)
        {
            _run.Fail(_binary, ExpressionCodes.ManyToMany, $"several elements on the left side of {_binary.Op.Sign()} match {signature}", "many-to-one matching is written with group_left or group_right");
            return false;
        }

        if (seen.Add(labels))
        {
            return true;
        }

        _run.Fail(_binary, ExpressionCodes.ManyToMany, $"several matches have the labels {labels}", "the labels of the group modifier must tell them apart");
        return false;
    }

    /// <summary>The labels of what comes of a pair.</summary>
    public static Labels ResultLabels(Expr.Binary binary, Labels many, Labels one)
    {
        var matching = binary.Matching;
        var labels = binary.Op.IsArithmetic() ? many.WithoutMetadata() : many;
        if (matching.Cardinality == Cardinality.OneToOne)
        {
            return matching.On ? labels.Only(matching.Labels.AsSpan()) : labels.Without(matching.Labels.AsSpan());
        }

        foreach (var name in matching.Include)
        {
            labels = labels.With(name, one[name]);
        }

        return labels;
    }
}
