using System.Runtime.InteropServices;
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
    private readonly Dictionary<string, MetricWatch> _metrics = new(StringComparer.Ordinal);
    private readonly List<Node> _timed = [];
    private readonly Ranking _ranking = new();
    private bool _isSealed;

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
            if (node is RangeNode || node is ElementNode && part is Expr.Call or Expr.Selector)
            {
                _timed.Add(node);
            }
        }

        return node;
    }

    /// <summary>An expression as the condition of a rule; none where it is a number.</summary>
    /// <param name="minRows">Samples that were measured on fewer rows do not count.</param>
    public Condition? Condition(Expr expr, int minRows)
    {
        if (!_isSealed && minRows == 0 && ConditionReader.Read(expr) is { } tests
            && _ranking.Add(Array.ConvertAll(tests, branch => Array.ConvertAll(branch, test => ((ColumnNode)Add(test.Selector), test)))) is { } ranked)
        {
            return ranked;
        }

        var node = Add(expr);
        return node.IsScalar ? null : new NodeCondition(node, minRows);
    }

    /// <summary>Goes to an instant, in microseconds since the epoch, and to what the columns hold now.</summary>
    public void Move(long at, Func<SeriesSnapshot> snapshot)
    {
        if (!_isSealed)
        {
            _isSealed = true;
            _ranking.Seal();
        }

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
        foreach (var metric in _metrics.Values)
        {
            metric.Look(Moment);
        }

        _ranking.Settle();
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

    /// <summary>The comparison with its sides exchanged.</summary>
    public static BinaryOp Mirrored(BinaryOp op) => op switch
    {
        BinaryOp.Less => BinaryOp.Greater,
        BinaryOp.LessOrEqual => BinaryOp.GreaterOrEqual,
        BinaryOp.Greater => BinaryOp.Less,
        BinaryOp.GreaterOrEqual => BinaryOp.LessOrEqual,
        _ => op,
    };

    /// <summary>The expression without parentheses and signs that do nothing.</summary>
    public static Expr Bare(Expr expr) => expr switch
    {
        Expr.Paren paren => Bare(paren.Operand),
        Expr.Unary { Negative: false } unary => Bare(unary.Operand),
        _ => expr,
    };

    /// <summary>The number that an expression is at every moment; none where it is none.</summary>
    public static double? Constant(Expr expr) => expr.Unwrapped switch
    {
        Expr.Number number => number.Value,
        Expr.Unary unary => unary.Negative ? -Constant(unary.Operand) : Constant(unary.Operand),
        Expr.Binary binary when binary.Op.IsArithmetic() && Constant(binary.Left) is { } left && Constant(binary.Right) is { } right =>
            BinaryOperation.Arithmetic(binary.Op, left, right),
        _ => null,
    };

    private Node Create(Expr expr)
    {
        if (Constant(expr) is { } number)
        {
            return new ConstantNode(expr, number);
        }

        return expr switch
        {
            Expr.Selector { Metric: not null, Shift.IsNone: true } selector => new ColumnNode(selector, Watch(selector.Metric), _tables),
            Expr.Unary unary when IsVector(unary.Operand) => new MapNode(expr, [Add(unary.Operand)], LaneMaps.Negate, Step(expr, unary.Operand)),
            Expr.Binary binary => Binary(binary),
            Expr.Aggregate aggregate when aggregate.Parameter is null => new FoldNode(aggregate, Add(aggregate.Operand), Aggregation.Reducer(aggregate.Op), Step(expr, aggregate.Operand)),
            Expr.Call { Arguments: [var argument] } call when NumberFunctions.Mapping(call.Function) is { } map => new MapNode(expr, [Add(argument)], LaneMaps.Each(map), Step(expr, argument)),
            Expr.Call { Arguments: [var argument] } call when argument.Unwrapped is Expr.RangeSelector { Vector.Shift.IsNone: true } range && RangeFunctions.OfValues(call.Function) is { } function =>
                new RangeNode(call, range, function, Step(expr)),
            _ => Elements(expr),
        };
    }

    private MetricWatch Watch(string metric)
    {
        ref var watch = ref CollectionsMarshal.GetValueRefOrAddDefault(_metrics, metric, out _);
        return watch ??= new MetricWatch(columns, metric, options.Lookback);
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

    /// <summary>Without the parentheses around operands that need none.</summary>
    private static Expr Plain(Expr expr) => expr switch
    {
        Expr.Paren paren when Bare(paren) is not (Expr.Binary or Expr.Unary) => Plain(Bare(paren)),
        Expr.Paren paren => paren with { Operand = Plain(paren.Operand) },
        Expr.Binary binary => binary with { Left = Plain(binary.Left), Right = Plain(binary.Right) },
        _ => expr,
    };
}
