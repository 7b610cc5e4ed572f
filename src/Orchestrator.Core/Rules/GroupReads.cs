using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Rules;

/// <summary>The series that the rules of a group read, so that only those of its own are put before later rules.</summary>
internal static class GroupReads
{
    /// <summary>Names of series; null where a selector does not say which.</summary>
    public static HashSet<string>? Names(RuleGroup group)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in group.Rules.SelectMany(Expressions).SelectMany(Selectors))
        {
            if (selector.Metric is not { } name)
            {
                return null;
            }

            names.Add(name);
        }

        return names;
    }

    private static IEnumerable<Expr> Expressions(Rule rule) =>
        rule is Rule.Alerting { Clear: { } clear } ? [rule.Expression.Root, clear.Root] : [rule.Expression.Root];

    private static IEnumerable<Expr.Selector> Selectors(Expr expr) =>
        expr is Expr.Selector selector ? [selector] : expr.Children.SelectMany(Selectors);
}
