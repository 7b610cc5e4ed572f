using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Typing;

namespace Orchestrator.Core.Rules;

/// <summary>Reads expressions and templates of a file, placing their errors in the file.</summary>
internal sealed class ExpressionReader(YamlFile file, DiagnosticList diagnostics)
{
    /// <summary>A predicate or formula; an error for one that gives no number for a label set.</summary>
    public RuleExpression? Expression(string text, params object[] path)
    {
        var parsed = Parse(text, path);
        return parsed is null ? null : new(text, parsed);
    }

    /// <summary>The PromQL that a <c>when</c> stands for: the first condition, <c>and on (model)</c> every further one, each narrowed to the group's model.</summary>
    public RuleExpression? When(ImmutableArray<string> conditions, string? model, object[] path)
    {
        var roots = conditions.Select((text, i) => Parse(text, [.. path, i])).ToList();
        if (roots.Count == 0 || roots.Contains(null))
        {
            return null;
        }

        var joined = roots.Select(root => model is null ? root! : Scope.To(model, root!)).Aggregate(And).ToString();
        return new(joined, ExpressionText.Parse(joined).Root!);
    }

    public Template? Template(string text, params object[] path)
    {
        var (template, errors) = Rules.Template.Parse(text);
        foreach (var error in errors)
        {
            diagnostics.Error(file.Within(error.Offset, path), "RULE008", error.Text, error.Allowed, error.Nearest);
        }

        return template;
    }

    private Expr? Parse(string text, object[] path)
    {
        var parsed = ExpressionText.Parse(text);
        foreach (var error in parsed.Errors)
        {
            diagnostics.Error(file.Within(error.Offset, path), error.Code, error.Text, error.Allowed, error.Nearest);
        }

        if (parsed.Root is not null && parsed.Type is not (ExprType.Scalar or ExprType.Vector))
        {
            diagnostics.Error(file.At(path), "RULE007", $"the expression gives a {parsed.Type.Name()}", "allowed: an instant vector or a scalar");
            return null;
        }

        return parsed.Root;
    }

    private static Expr.Binary And(Expr left, Expr right) =>
        new(BinaryOp.And, Operand(left), Operand(right), ReturnsBool: false, new VectorMatching(On: true, ["model"], Cardinality.OneToOne, []));

    private static Expr Operand(Expr condition) =>
        condition is Expr.Binary { Op: BinaryOp.Or or BinaryOp.Unless } ? new Expr.Paren(condition) : condition;
}
