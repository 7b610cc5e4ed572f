using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>Where two vectors meet: which labels have to be equal, whether they can be, and what the result is labelled with.</summary>
internal static class Meeting
{
    /// <summary>Whether an expression gives a number without labels; such an expression meets everything.</summary>
    public static bool IsScalar(Expr expr) => expr.Unwrapped switch
    {
        Expr.Number => true,
        Expr.Unary unary => IsScalar(unary.Operand),
        Expr.Binary binary => IsScalar(binary.Left) && IsScalar(binary.Right),
        Expr.Call call => FunctionCatalog.Find(call.Function)?.Result == ExprType.Scalar,
        _ => false,
    };

    public static bool IsJoin(Expr.Binary binary) => !IsScalar(binary.Left) && !IsScalar(binary.Right);

    /// <summary>A label that has to be equal on both sides and never is; none where the sides may meet.</summary>
    public static string? Conflict(Expr.Binary binary, Facts left, Facts right)
    {
        if (binary.Op == BinaryOp.Or || !IsJoin(binary) || left.IsEmpty || right.IsEmpty)
        {
            return null;
        }

        var matching = binary.Matching;
        var compared = matching.On ? matching.Labels.AsEnumerable()
            : left.Labels.Known.Keys.Union(right.Labels.Known.Keys).Except(matching.Labels).Where(label => label != Series.Labels.NameLabel).Order(StringComparer.Ordinal);
        return compared.FirstOrDefault(label => !left.Labels[label].CanEqual(right.Labels[label]));
    }

    /// <summary>The labels that both sides surely share, for <c>on (…)</c>.</summary>
    public static IEnumerable<string> Shared(Facts left, Facts right) =>
        left.Labels.Possible.Intersect(right.Labels.Possible).Where(label => left.Labels[label].CanEqual(right.Labels[label])).Order(StringComparer.Ordinal);

    public static LabelFacts Labels(Expr.Binary binary, Facts left, Facts right)
    {
        if (!IsJoin(binary))
        {
            return IsScalar(binary.Left) ? right.Labels : left.Labels;
        }

        var matching = binary.Matching;
        return matching.Cardinality switch
        {
            Cardinality.ManyToOne => Included(left.Labels, right.Labels, matching),
            Cardinality.OneToMany => Included(right.Labels, left.Labels, matching),
            _ when matching.On => left.Labels.Only(matching.Labels),
            _ => left.Labels.Without(matching.Labels),
        };
    }

    private static LabelFacts Included(LabelFacts many, LabelFacts one, VectorMatching matching) =>
        matching.Include.Aggregate(many, (labels, label) => labels.With(label, one[label]));
}
