using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Syntax;

/// <summary>PromQL by recursive descent; stops at the first error.</summary>
internal sealed partial class Parser
{
    /// <summary>How deep parentheses, calls and signs may nest.</summary>
    public const int MaxNesting = 100;

    /// <summary>How deep the tree may be, chains of operators included.</summary>
    public const int MaxDepth = 500;

    private static readonly string[] WordsAfterOperand =
        ["and", "or", "unless", "atan2", "offset", "by", "without", "bool", "on", "ignoring", "group_left", "group_right"];

    private readonly ImmutableArray<Token> _tokens;
    private readonly ExpressionError? _lexical;
    private ExpressionError? _error;
    private int _at;
    private int _nesting;

    private Parser(ImmutableArray<Token> tokens, ExpressionError? lexical)
    {
        _tokens = tokens;
        _lexical = lexical;
    }

    private Token Here => _tokens[_at];

    private Token Following => _tokens[Math.Min(_at + 1, _tokens.Length - 1)];

    private Span Last => _tokens[Math.Max(0, _at - 1)].Span;

    public static (Expr? Root, ImmutableArray<ExpressionError> Errors) Parse(string text)
    {
        var (tokens, error) = Lexer.Read(text);
        var parser = new Parser(tokens, error);
        var root = parser.Whole();
        return parser._error is { } found ? (null, [found]) : (root, []);
    }

    private Expr? Whole()
    {
        if (Here.Kind == TokenKind.End)
        {
            return Fail(Here, "the expression is empty");
        }

        var root = Binary(1);
        if (root is not null && Here.Kind != TokenKind.End)
        {
            return UnexpectedAfterOperand();
        }

        return root is null ? null : NotTooDeep(root);
    }

    private Expr? UnexpectedAfterOperand()
    {
        var nearest = Here is { Kind: TokenKind.Match, Text: "=" } ? "==" : Here.Kind == TokenKind.Word ? Nearest.To(Here.Text, WordsAfterOperand) : null;
        return Fail(Here, $"unexpected {Here.Shown}", "here an operator or the end of the expression is allowed", nearest);
    }

    private Expr? NotTooDeep(Expr root)
    {
        var open = new Stack<(Expr Expr, int Depth)>([(root, 1)]);
        while (open.TryPop(out var top))
        {
            if (top.Depth > MaxDepth)
            {
                return Fail(top.Expr.Span, ExpressionCodes.Limit, "the expression is too deep", $"at most {MaxDepth} operators may follow from one another");
            }

            foreach (var child in top.Expr.Children)
            {
                open.Push((child, top.Depth + 1));
            }
        }

        return root;
    }

    private Expr? Fail(Token token, string text, string? allowed = null, string? nearest = null)
    {
        if (token.Kind == TokenKind.Broken)
        {
            _error ??= _lexical;
        }

        return Fail(token.Span, ExpressionCodes.Syntax, text, allowed, nearest);
    }

    private Expr? Fail(Span span, string code, string text, string? allowed = null, string? nearest = null)
    {
        _error ??= new ExpressionError(span.Offset, span.Length, code, text, allowed, nearest);
        return null;
    }

    private Expr? Experimental(Token token, string what) =>
        Fail(token.Span, ExpressionCodes.Experimental, $"{what} is experimental in Prometheus and not enabled here");

    private Token Take() => _tokens[_at++];

    private bool TryTake(TokenKind kind)
    {
        var found = Here.Kind == kind;
        _at += found ? 1 : 0;
        return found;
    }

    private bool TryTakeWord(string word)
    {
        var found = Here.Is(word);
        _at += found ? 1 : 0;
        return found;
    }

    private bool Expect(TokenKind kind, string sign, string context)
    {
        if (TryTake(kind))
        {
            return true;
        }

        Fail(Here, $"unexpected {Here.Shown} {context}", $"{sign} is missing");
        return false;
    }

    private bool Enter(Token at)
    {
        if (++_nesting <= MaxNesting)
        {
            return true;
        }

        Fail(at.Span, ExpressionCodes.Limit, "the expression nests too deep", $"at most {MaxNesting} levels of parentheses, calls and signs are allowed");
        return false;
    }

    private Expr? Binary(int precedence)
    {
        var left = Unary();
        while (left is not null && Operator() is { } op && op.Precedence() >= precedence)
        {
            left = Operation(left, op);
        }

        return left;
    }

    private BinaryOp? Operator() => Here.Kind is TokenKind.Operator or TokenKind.Word ? BinaryOps.Of(Here.Text) : null;

    private Expr.Binary? Operation(Expr left, BinaryOp op)
    {
        var sign = Take();
        var returnsBool = TryTakeWord("bool");
        if (Matching() is not { } matching || !Enter(sign))
        {
            return null;
        }

        _nesting -= op == BinaryOp.Power ? 0 : 1;
        var right = Binary(op == BinaryOp.Power ? op.Precedence() : op.Precedence() + 1);
        _nesting -= op == BinaryOp.Power ? 1 : 0;
        return right is null ? null : new Expr.Binary(op, left, right, returnsBool, matching)
        {
            Span = Span.Between(left.Span, right.Span),
            OperatorSpan = sign.Span,
        };
    }

    private VectorMatching? Matching()
    {
        var matching = VectorMatching.Default;
        if (Here.Is("on") || Here.Is("ignoring"))
        {
            var on = Take().Is("on");
            if (LabelNames() is not { } labels)
            {
                return null;
            }

            matching = matching with { On = on, Labels = labels };
            matching = Here.Is("group_left") || Here.Is("group_right") ? Grouped(matching) : matching;
        }

        if ((Here.Is("fill") || Here.Is("fill_left") || Here.Is("fill_right")) && Following.Kind == TokenKind.LeftParen)
        {
            Experimental(Here, $"the modifier {Here.Text}");
            return null;
        }

        return matching;
    }

    private VectorMatching? Grouped(VectorMatching matching)
    {
        var cardinality = Take().Is("group_left") ? Cardinality.ManyToOne : Cardinality.OneToMany;
        ImmutableArray<string>? include = Here.Kind == TokenKind.LeftParen ? LabelNames() : [];
        return include is { } labels ? matching with { Cardinality = cardinality, Include = labels } : null;
    }

    private ImmutableArray<string>? LabelNames()
    {
        if (!Expect(TokenKind.LeftParen, "(", "before label names"))
        {
            return null;
        }

        var names = ImmutableArray.CreateBuilder<string>();
        while (!TryTake(TokenKind.RightParen))
        {
            if (LabelName() is not { } name)
            {
                return null;
            }

            names.Add(name);
            if (!TryTake(TokenKind.Comma) && Here.Kind != TokenKind.RightParen)
            {
                Fail(Here, $"unexpected {Here.Shown} in label names", "here , or ) is allowed");
                return null;
            }
        }

        return names.ToImmutable();
    }

    private string? LabelName()
    {
        if (Here.Kind == TokenKind.Word)
        {
            return Take().Text;
        }

        if (Here.Kind == TokenKind.Text)
        {
            return Name(Take());
        }

        Fail(Here, $"unexpected {Here.Shown} in label names", "here a label name is allowed");
        return null;
    }

    private string? Name(Token token)
    {
        var name = TextValue(token);
        if (name is { Length: 0 })
        {
            Fail(token, "a name must not be empty");
            return null;
        }

        return name;
    }

    private string? TextValue(Token token)
    {
        var value = TextLiteral.Value(token.Text, out var error);
        if (error is not null)
        {
            Fail(token.Span, ExpressionCodes.Text, error);
        }

        return value;
    }

    private Expr? Unary()
    {
        if (Here.Kind != TokenKind.Operator || Here.Text is not ("+" or "-"))
        {
            return Postfix();
        }

        var sign = Take();
        if (!Enter(sign))
        {
            return null;
        }

        var operand = Binary(BinaryOp.Power.Precedence());
        _nesting--;
        if (operand is null)
        {
            return null;
        }

        var span = Span.Between(sign.Span, operand.Span);
        var negative = sign.Text == "-";
        return operand is Expr.Number number
            ? number with { Value = negative ? -number.Value : number.Value, Span = span }
            : new Expr.Unary(negative, operand) { Span = span };
    }

}
