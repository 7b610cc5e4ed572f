using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Tells a condition that is false from one that has no data: what an expression would give if its comparisons always held.</summary>
internal static class Presence
{
    /// <summary>Whether there is a comparison on which the result depends.</summary>
    public static bool CanTell(Expr expr) => expr switch
    {
        Expr.Paren paren => CanTell(paren.Operand),
        Expr.Binary { ReturnsBool: false } binary when binary.Op.IsComparison() => true,
        Expr.Binary { Op: BinaryOp.And or BinaryOp.Or } binary => CanTell(binary.Left) || CanTell(binary.Right),
        Expr.Binary { Op: BinaryOp.Unless } binary => CanTell(binary.Left),
        _ => false,
    };

    /// <summary>The expression with every comparison on which the result depends joined with its opposite, and without what <c>unless</c> removes.</summary>
    public static Expr Of(Expr expr) => expr switch
    {
        Expr.Paren paren => paren with { Operand = Of(paren.Operand) },
        Expr.Binary { ReturnsBool: false } binary when binary.Op.IsComparison() => Either(binary),
        Expr.Binary { Op: BinaryOp.And or BinaryOp.Or } binary => binary with { Left = Of(binary.Left), Right = Of(binary.Right) },
        Expr.Binary { Op: BinaryOp.Unless } binary => Of(binary.Left),
        _ => expr,
    };

    /// <summary>The selectors that the labels and the value come from: those of the first operand of comparisons and set operators.</summary>
    public static ImmutableArray<Expr.Selector> Leading(Expr expr) => expr switch
    {
        Expr.Paren paren => Leading(paren.Operand),
        Expr.Binary { Op: BinaryOp.Or } binary => [.. Leading(binary.Left), .. Leading(binary.Right)],
        Expr.Binary binary when binary.Op.IsSet() || binary.Op.IsComparison() => Leading(binary.Left) is { IsEmpty: false } left ? left : Leading(binary.Right),
        Expr.Selector selector => [selector],
        Expr.RangeSelector range => [range.Vector],
        _ => [.. expr.Children.SelectMany(child => Leading(child))],
    };

    /// <summary>The labels that the first leading selector pins down, as <c>absent()</c> gives them.</summary>
    public static Labels Pinned(Expr expr) =>
        Leading(expr).FirstOrDefault() is { } selector
            ? Labels.Of(Equalities(selector).GroupBy(matcher => matcher.Label).Where(group => group.Count() == 1).Select(group => KeyValuePair.Create(group.Key, group.Single().Value)))
            : Labels.Empty;

    /// <summary>A label on which the leading selectors of two expressions demand different values, so that their results never have the same labels.</summary>
    public static (string Own, string Other)? Conflict(Expr own, Expr other)
    {
        if (Leading(own) is not [var first] || Leading(other) is not [var second])
        {
            return null;
        }

        var wanted = Equalities(first).ToList();
        return Equalities(second)
            .Select(matcher => (Own: wanted.Find(one => one.Label == matcher.Label && one.Value != matcher.Value), Other: matcher))
            .Where(pair => pair.Own is not null)
            .Select(pair => ((string, string)?)(pair.Own!.ToString(), pair.Other.ToString()))
            .FirstOrDefault();
    }

    private static IEnumerable<Matcher> Equalities(Expr.Selector selector) =>
        selector.Matchers.Where(matcher => matcher is { Op: MatchOp.Equal, Label: not Labels.NameLabel });

    private static Expr.Paren Either(Expr.Binary comparison)
    {
        var opposite = comparison.Op switch
        {
            BinaryOp.Equal => BinaryOp.NotEqual,
            BinaryOp.NotEqual => BinaryOp.Equal,
            BinaryOp.Less => BinaryOp.GreaterOrEqual,
            BinaryOp.LessOrEqual => BinaryOp.Greater,
            BinaryOp.Greater => BinaryOp.LessOrEqual,
            _ => BinaryOp.Less,
        };
        return new(new Expr.Binary(BinaryOp.Or, comparison, comparison with { Op = opposite }, ReturnsBool: false, VectorMatching.Default));
    }
}
