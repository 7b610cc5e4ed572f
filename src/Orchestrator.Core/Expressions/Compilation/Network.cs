using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Many expressions compiled together: what they have in common is one node, computed once.</summary>
/// <remarks>What only the evaluator knows is left to it part by part; the answers are the evaluator's in every bit.</remarks>
internal sealed class Network(SeriesColumns columns, EvaluationOptions options)
{
    private readonly NetworkTables _tables = new(options);
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly List<ColumnNode> _columns = [];
    private readonly List<Node> _timed = [];

    public Moment Moment { get; } = new();

    public int NodeCount => _nodes.Count;

    /// <summary>The node of an expression of type scalar or instant vector.</summary>
    public Node Add(Expr expr)
    {
        var part = Bare(expr);
        var text = Plain(part).ToString();
        if (!_nodes.TryGetValue(text, out var node))
        {
            node = Create(part);
            _nodes.Add(text, node);
            if (node is ColumnNode column)
            {
                _columns.Add(column);
            }
            else if (node is ElementNode && part is Expr.Call or Expr.Selector)
            {
                _timed.Add(node);
            }
        }

        return node;
    }

    /// <summary>Goes to an instant, in microseconds since the epoch, and to what the columns hold now.</summary>
    public void Move(long at, Func<SeriesSnapshot> snapshot)
    {
        Moment.Move(at, snapshot);
        Look();
        foreach (var node in _timed)
        {
            node.Invalidate();
        }
    }

    /// <summary>Looks for what was written in the course of an evaluation.</summary>
    public void Look()
    {
        Moment.Renew();
        foreach (var column in _columns)
        {
            column.Watch(Moment.At);
        }
    }

    /// <summary>Parts that read other instants have to be computed anew, as what was written may be seen there.</summary>
    public void LookEverywhere()
    {
        Look();
        foreach (var node in _timed)
        {
            node.Invalidate();
        }
    }

    /// <summary>The columns from which comparisons and set operators lead to a node lane by lane.</summary>
    public static IEnumerable<ColumnNode> Columns(Node node) => node switch
    {
        ColumnNode column => [column],
        ThresholdNode or SetNode => node.Operands.SelectMany(Columns),
        _ => [],
    };

    /// <summary>Whether a lane of the node stands for the same lane of each of those columns.</summary>
    public static bool IsAligned(Node node) => node is not SetNode { IsAligned: false } && (node is not (ThresholdNode or SetNode) || node.Operands.All(IsAligned));

    /// <summary>Whether the node is made of columns by comparisons with constants and set operators alone.</summary>
    public static bool IsLanewise(Node node) => node is ColumnNode || (node is ThresholdNode or SetNode && node.Operands.All(operand => operand is ConstantNode || IsLanewise(operand)));

    private Node Create(Expr expr)
    {
        if (Constant(expr) is { } number)
        {
            return new ConstantNode(expr, number);
        }

        return expr switch
        {
            Expr.Selector { Metric: not null, Shift.IsNone: true } selector => new ColumnNode(selector, columns, _tables),
            Expr.Unary unary when IsVector(unary.Operand) => new MapNode(expr, [Add(unary.Operand)], LaneMaps.Negate, Step(expr, unary.Operand)),
            Expr.Binary binary => Binary(binary),
            Expr.Aggregate aggregate when aggregate.Parameter is null => new FoldNode(aggregate, Add(aggregate.Operand), Aggregation.Reducer(aggregate.Op), Step(expr, aggregate.Operand)),
            Expr.Call { Arguments: [var argument] } call when NumberFunctions.Mapping(call.Function) is { } map => new MapNode(expr, [Add(argument)], LaneMaps.Each(map), Step(expr, argument)),
            _ => Elements(expr),
        };
    }

    private Node Binary(Expr.Binary binary)
    {
        var (left, right) = (IsVector(binary.Left), IsVector(binary.Right));
        if (left && right)
        {
            var (first, second) = (Add(binary.Left), Add(binary.Right));
            return binary.Op switch
            {
                BinaryOp.And or BinaryOp.Unless => new SetNode(binary, first, second, _tables),
                BinaryOp.Or => new UnionNode(binary, first, second, _tables),
                _ => new JoinNode(binary, first, second, Step(binary, binary.Left, binary.Right)),
            };
        }

        if (!left && !right)
        {
            return Elements(binary);
        }

        var (vector, scalar) = left ? (Add(binary.Left), Add(binary.Right)) : (Add(binary.Right), Add(binary.Left));
        return binary.Op.IsComparison() && !binary.ReturnsBool
            ? new ThresholdNode(binary, left ? binary.Op : Mirrored(binary.Op), vector, scalar)
            : new MapNode(binary, [vector, scalar], LaneMaps.WithNumber(binary.Op, numberIsLeft: right), Step(binary, binary.Left, binary.Right));
    }

    /// <summary>The comparison with its sides exchanged.</summary>
    private static BinaryOp Mirrored(BinaryOp op) => op switch
    {
        BinaryOp.Less => BinaryOp.Greater,
        BinaryOp.LessOrEqual => BinaryOp.GreaterOrEqual,
        BinaryOp.Greater => BinaryOp.Less,
        BinaryOp.GreaterOrEqual => BinaryOp.LessOrEqual,
        _ => op,
    };

    private ElementNode Elements(Expr expr)
    {
        var parts = Parts(expr).ToArray();
        return new ElementNode(expr, [.. parts.Select(Add)], Step(expr, parts), !IsVector(expr));
    }

    /// <summary>The operands that are evaluated at the same instant, in the order in which the evaluator comes to them.</summary>
    private static IEnumerable<Expr> Parts(Expr expr) => expr switch
    {
        Expr.Aggregate { Parameter: { } parameter } aggregate => new[] { aggregate.Operand, parameter }.Where(IsNumeric),
        Expr.Call { Function: "timestamp", Arguments: [var argument] } when argument.Unwrapped is Expr.Selector => [],
        Expr.Selector or Expr.RangeSelector or Expr.Subquery => [],
        _ => expr.Children.Where(IsNumeric),
    };

    private ElementStep Step(Expr expr, params Expr[] parts) => new(expr, [.. parts.Select(part => (part, Add(part)))], _tables);

    private static bool IsVector(Expr expr) => ExprTypes.Of(expr) == ExprType.Vector;

    private static bool IsNumeric(Expr expr) => ExprTypes.Of(expr) is ExprType.Vector or ExprType.Scalar;

    /// <summary>The expression without parentheses and signs that do nothing.</summary>
    private static Expr Bare(Expr expr) => expr switch
    {
        Expr.Paren paren => Bare(paren.Operand),
        Expr.Unary { Negative: false } unary => Bare(unary.Operand),
        _ => expr,
    };

    /// <summary>Without the parentheses around operands that need none.</summary>
    private static Expr Plain(Expr expr) => expr switch
    {
        Expr.Paren paren when Bare(paren) is not (Expr.Binary or Expr.Unary) => Plain(Bare(paren)),
        Expr.Paren paren => paren with { Operand = Plain(paren.Operand) },
        Expr.Binary binary => binary with { Left = Plain(binary.Left), Right = Plain(binary.Right) },
        _ => expr,
    };

    private static double? Constant(Expr expr) => expr.Unwrapped switch
    {
        Expr.Number number => number.Value,
        Expr.Unary unary => unary.Negative ? -Constant(unary.Operand) : Constant(unary.Operand),
        Expr.Binary binary when binary.Op.IsArithmetic() && Constant(binary.Left) is { } left && Constant(binary.Right) is { } right =>
            BinaryOperation.Arithmetic(binary.Op, left, right),
        _ => null,
    };
}
