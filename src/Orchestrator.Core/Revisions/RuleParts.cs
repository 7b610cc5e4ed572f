using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Revisions;

/// <summary>One expression of a rule as its author wrote it.</summary>
/// <param name="Path">Of its text in the file.</param>
/// <param name="Rule">Path of the rule.</param>
/// <param name="IsCondition">It is what the alert holds by.</param>
internal sealed record RulePart(Expr Root, object[] Path, object[] Rule, bool IsCondition)
{
    public IEnumerable<Expr.Selector> Selectors => All(Root).OfType<Expr.Selector>();

    public IEnumerable<Expr.RangeSelector> Ranges => All(Root).OfType<Expr.RangeSelector>();

    private static IEnumerable<Expr> All(Expr expr) => expr.Children.SelectMany(All).Prepend(expr);
}

/// <summary>The expressions of a rule, read again from the file so that their places are those of the author's text.</summary>
internal static class RuleParts
{
    public static IEnumerable<RulePart> Of(YamlFile file, object[] rule)
    {
        object[][] single = [[.. rule, "expr"], [.. rule, "when"], [.. rule, "clear"], [.. rule, "then", "verify", "expr"]];
        var listed = file.Node([.. rule, "when"]) is YamlNode.Sequence list ? Enumerable.Range(0, list.Items.Length).Select(i => (object[])[.. rule, "when", i]) : [];
        foreach (var path in single.Concat(listed))
        {
            if (file.Node(path) is YamlNode.Scalar scalar && ExpressionText.Parse(scalar.Text).Root is { } root)
            {
                yield return new(root, path, rule, path.Contains("expr") && !path.Contains("then") || path.Contains("when"));
            }
        }
    }
}
