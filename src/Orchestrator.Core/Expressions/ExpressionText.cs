using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Syntax;
using Orchestrator.Core.Expressions.Typing;

namespace Orchestrator.Core.Expressions;

/// <summary>The way from the text of an expression (PromQL) to a tree that is sound.</summary>
public static class ExpressionText
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    public static ParsedExpression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            var error = new ExpressionError(
                MaxLength, text.Length - MaxLength, ExpressionCodes.Limit, $"the expression has {text.Length} characters", $"at most {MaxLength} are allowed");
            return new ParsedExpression(null, [error]);
        }

        var (root, syntaxErrors) = Parser.Parse(text);
        return root is null ? new ParsedExpression(null, syntaxErrors) : Type(root);
    }

    private static ParsedExpression Type(Expr root)
    {
        var (type, errors) = TypeChecker.Check(root);
        return errors.IsEmpty ? new ParsedExpression(root, [], type) : new ParsedExpression(null, errors);
    }
}
