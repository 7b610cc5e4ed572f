using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary><c>and</c>, <c>or</c> and <c>unless</c>: elements of one side by whether the other has an element of the same signature.</summary>
internal static class SetOperation
{
    public static IReadOnlyList<Element> Evaluate(Expr.Binary binary, IReadOnlyList<Element> left, IReadOnlyList<Element> right) => binary.Op switch
    {
        BinaryOp.And => And(binary.Matching, left, right),
        BinaryOp.Or => Or(binary.Matching, left, right),
        _ => Unless(binary.Matching, left, right),
    };

    private static List<Element> And(VectorMatching matching, IReadOnlyList<Element> left, IReadOnlyList<Element> right)
    {
        var signatureOf = new Signature(matching);
        var rows = new Dictionary<Labels, int>();
        foreach (var element in right)
        {
            var signature = signatureOf.Of(element.Labels);
            rows[signature] = Element.Fewer(rows.GetValueOrDefault(signature), element.Rows);
        }

        var results = new List<Element>();
        foreach (var element in left)
        {
            if (rows.TryGetValue(signatureOf.Of(element.Labels), out var fewest))
            {
                results.Add(element with { Rows = Element.Fewer(element.Rows, fewest) });
            }
        }

        return results;
    }

    private static List<Element> Or(VectorMatching matching, IReadOnlyList<Element> left, IReadOnlyList<Element> right)
    {
        var signatureOf = new Signature(matching);
        var signatures = left.Select(element => signatureOf.Of(element.Labels)).ToHashSet();
        return [.. left, .. right.Where(element => !signatures.Contains(signatureOf.Of(element.Labels)))];
    }

    private static List<Element> Unless(VectorMatching matching, IReadOnlyList<Element> left, IReadOnlyList<Element> right)
    {
        var signatureOf = new Signature(matching);
        var signatures = right.Select(element => signatureOf.Of(element.Labels)).ToHashSet();
        return [.. left.Where(element => !signatures.Contains(signatureOf.Of(element.Labels)))];
    }
}
