using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Typing;

/// <summary>The type of every part of a tree; what does not fit, or cannot run here, is an error with its place.</summary>
internal sealed class TypeChecker
{
    private readonly List<ExpressionError> _errors = [];

    public static (ExprType Type, ImmutableArray<ExpressionError> Errors) Check(Expr root)
    {
        var checker = new TypeChecker();
        var type = checker.TypeOf(root);
        return (type, [.. checker._errors.OrderBy(error => error.Offset)]);
    }

    private ExprType TypeOf(Expr expr) => expr switch
    {
        Expr.Number => ExprType.Scalar,
        Expr.Text => ExprType.Text,
        Expr.Selector selector => Selector(selector),
        Expr.RangeSelector range => Range(range),
        Expr.Subquery subquery => Subquery(subquery),
        Expr.Paren paren => TypeOf(paren.Operand),
        Expr.Unary unary => Unary(unary),
        Expr.Binary binary => Binary(binary),
        Expr.Aggregate aggregate => Aggregate(aggregate),
        Expr.Call call => Call(call),
        _ => throw new UnreachableException(),
    };

    private void Fail(Span span, string code, string text, string? allowed = null, string? nearest = null) =>
        _errors.Add(new ExpressionError(span.Offset, span.Length, code, text, allowed, nearest));

    private ExprType Selector(Expr.Selector selector)
    {
        if (selector.Matchers.All(matcher => matcher.Matches("")))
        {
            Fail(selector.Span, ExpressionCodes.Selector, "the selector would choose every series", "at least one matcher must not match the empty value");
        }

        return ExprType.Vector;
    }

    private ExprType Range(Expr.RangeSelector range)
    {
        Selector(range.Vector);
        return ExprType.Matrix;
    }

    private ExprType Subquery(Expr.Subquery subquery)
    {
        var type = TypeOf(subquery.Operand);
        if (type is not (ExprType.Vector or ExprType.None))
        {
            Fail(subquery.Span, ExpressionCodes.Type, $"a subquery needs an instant vector, not a {type.Name()}");
        }

        return ExprType.Matrix;
    }

    private ExprType Unary(Expr.Unary unary)
    {
        var type = TypeOf(unary.Operand);
        if (type is ExprType.Scalar or ExprType.Vector or ExprType.None)
        {
            return type;
        }

        Fail(unary.Span, ExpressionCodes.Type, $"a sign cannot stand before a {type.Name()}", "it stands before a scalar or an instant vector");
        return ExprType.None;
    }

    private ExprType Binary(Expr.Binary binary)
    {
        var left = Operand(binary.Left, binary.Op);
        var right = Operand(binary.Right, binary.Op);
        if (left == ExprType.None || right == ExprType.None)
        {
            return ExprType.None;
        }

        var scalars = left == ExprType.Scalar && right == ExprType.Scalar;
        Bool(binary, scalars);
        if (left == ExprType.Vector && right == ExprType.Vector)
        {
            VectorToVector(binary);
        }
        else
        {
            WithScalar(binary);
        }

        return scalars ? ExprType.Scalar : ExprType.Vector;
    }

    private ExprType Operand(Expr operand, BinaryOp op)
    {
        var type = TypeOf(operand);
        if (type is ExprType.Scalar or ExprType.Vector or ExprType.None)
        {
            return type;
        }

        Fail(operand.Span, ExpressionCodes.Type, $"{op.Sign()} cannot take a {type.Name()}", "it takes scalars and instant vectors");
        return ExprType.None;
    }

    private void Bool(Expr.Binary binary, bool scalars)
    {
        if (binary.ReturnsBool && !binary.Op.IsComparison())
        {
            Fail(binary.OperatorSpan, ExpressionCodes.Type, $"bool cannot follow {binary.Op.Sign()}", "it follows comparisons");
        }

        if (scalars && binary.Op.IsComparison() && !binary.ReturnsBool)
        {
            Fail(binary.OperatorSpan, ExpressionCodes.Type, "two scalars are compared without bool", null, $"{binary.Op.Sign()} bool");
        }
    }

    private void WithScalar(Expr.Binary binary)
    {
        if (!binary.Matching.Labels.IsEmpty)
        {
            Fail(binary.OperatorSpan, ExpressionCodes.Matching, "on and ignoring need an instant vector on both sides");
        }

        if (binary.Op.IsSet())
        {
            Fail(binary.OperatorSpan, ExpressionCodes.Type, $"{binary.Op.Sign()} needs an instant vector on both sides", "vector(…) makes one of a scalar");
        }
    }

    private void VectorToVector(Expr.Binary binary)
    {
        var matching = binary.Matching;
        if (binary.Op.IsSet() && matching.Cardinality != Cardinality.OneToOne)
        {
            Fail(binary.OperatorSpan, ExpressionCodes.Matching, $"group_left and group_right cannot follow {binary.Op.Sign()}", "set operators match many with many");
        }

        var both = matching.On ? matching.Labels.Intersect(matching.Include).FirstOrDefault() : null;
        if (both is not null)
        {
            Fail(binary.OperatorSpan, ExpressionCodes.Matching, $"the label {both} stands in on and in the group modifier at once");
        }
    }

    private ExprType Aggregate(Expr.Aggregate aggregate)
    {
        Expect(aggregate.Operand, ExprType.Vector, aggregate.Op.Name());
        if (aggregate.Parameter is { } parameter)
        {
            Expect(parameter, aggregate.Op == AggregateOp.CountValues ? ExprType.Text : ExprType.Scalar, aggregate.Op.Name());
        }

        return ExprType.Vector;
    }

    private void Expect(Expr argument, ExprType expected, string taker)
    {
        var type = TypeOf(argument);
        if (type == expected || type == ExprType.None)
        {
            return;
        }

        var nearest = (expected, argument) switch
        {
            (ExprType.Matrix, Expr.Selector { Shift.IsNone: true }) => $"{argument}[5m]",
            (ExprType.Vector, Expr.RangeSelector) => $"last_over_time({argument})",
            (ExprType.Vector, _) when type == ExprType.Scalar => $"vector({argument})",
            (ExprType.Scalar, _) when type == ExprType.Vector => $"scalar({argument})",
            _ => null,
        };
        Fail(argument.Span, ExpressionCodes.Type, $"{taker} needs a {expected.Name()} here, not a {type.Name()}", null, nearest);
    }

    private ExprType Call(Expr.Call call)
    {
        if (FunctionCatalog.Find(call.Function) is not { } signature)
        {
            Unknown(call);
            return ExprType.None;
        }

        if (signature.Availability != Availability.Supported)
        {
            Unavailable(call, signature);
        }

        var count = call.Arguments.Length;
        if (count < signature.Least || count > signature.Most)
        {
            Fail(call.Span, ExpressionCodes.Arguments, $"{call.Function} has {count} arguments", $"it is written {signature}");
        }

        for (var i = 0; i < Math.Min(count, signature.Most); i++)
        {
            Expect(call.Arguments[i], signature.ParameterAt(i), call.Function);
        }

        Names(call);
        return signature.Result;
    }

    private void Unknown(Expr.Call call)
    {
        var known = FunctionCatalog.All.Where(function => function.Availability == Availability.Supported).Select(function => function.Name);
        var nearest = Nearest.To(call.Function, known.Concat(AggregateOps.All));
        Fail(call.NameSpan, ExpressionCodes.UnknownFunction, $"unknown function \"{call.Function}\"", null, nearest);
        foreach (var argument in call.Arguments)
        {
            TypeOf(argument);
        }
    }

    private void Unavailable(Expr.Call call, FunctionSignature signature)
    {
        if (signature.Availability == Availability.Experimental)
        {
            Fail(call.NameSpan, ExpressionCodes.Experimental, $"the function {call.Function} is experimental in Prometheus and not enabled here");
        }
        else
        {
            Fail(call.NameSpan, ExpressionCodes.NotSupported, $"the function {call.Function} works on native histograms, which are not supported", "histogram_quantile and histogram_fraction work on classic ones");
        }
    }

    private void Names(Expr.Call call)
    {
        if (call.Function is not ("label_replace" or "label_join") || call.Arguments.Length < 3)
        {
            return;
        }

        var sources = call.Function == "label_join" ? call.Arguments.Skip(3) : [];
        foreach (var name in sources.Prepend(call.Arguments[1]).Where(argument => argument.Unwrapped is Expr.Text { Value.Length: 0 }))
        {
            Fail(name.Span, ExpressionCodes.Text, $"{call.Function} needs a label name here", "a name must not be empty");
        }

        if (call.Function == "label_replace" && call.Arguments.Length == 5 && call.Arguments[4].Unwrapped is Expr.Text pattern
            && Matcher.TryCreate("", MatchOp.Regex, pattern.Value, out var error) is null)
        {
            Fail(pattern.Span, ExpressionCodes.Regex, error!);
        }
    }
}
