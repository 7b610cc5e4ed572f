using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Whoever has to look again when a node below changed.</summary>
internal abstract class Dependent
{
    /// <summary>Something below changed.</summary>
    public abstract void Invalidate();
}

/// <summary>The instant at which nodes are computed, and the snapshot for what columns do not hold.</summary>
internal sealed class Moment
{
    private Func<SeriesSnapshot> _read = () => SeriesSnapshot.Empty;
    private SeriesSnapshot? _snapshot;

    public long At { get; private set; } = long.MinValue;

    /// <summary>What was stored, and what earlier rules of the evaluation wrote.</summary>
    public SeriesSnapshot Snapshot => _snapshot ??= _read();

    public void Move(long at, Func<SeriesSnapshot> read)
    {
        At = at;
        _read = read;
        _snapshot = null;
    }

    /// <summary>The snapshot is to be read anew.</summary>
    public void Renew() => _snapshot = null;
}

/// <summary>A part of an expression with what it yields at a moment: a number, or a vector as lanes of a shape with their values and which of them are there.</summary>
internal abstract class Node : Dependent
{
    private readonly List<Dependent> _dependents = [];
    private bool? _reorders;
    private ElementLanes? _elements;

    protected Node(Expr expr, params Node[] operands)
    {
        Expr = expr;
        Operands = operands;
        foreach (var operand in operands)
        {
            operand._dependents.Add(this);
        }
    }

    public Expr Expr { get; }

    public Node[] Operands { get; }

    public bool IsScalar { get; protected init; }

    public double Number { get; protected set; }

    public int NumberRows { get; protected set; }

    public Shape Shape { get; protected set; } = Shape.Empty;

    /// <summary>By lane, padded to whole words; may be those of an operand.</summary>
    public double[] Values { get; protected set; } = [];

    public ulong[] Valid { get; protected set; } = [];

    /// <summary>What stopped the evaluation; the rest then means nothing.</summary>
    public ExpressionError? Failure { get; protected set; }

    public bool IsStale { get; private set; } = true;

    /// <summary>Whether a number of rows may be known of any lane.</summary>
    public virtual bool MayHaveRows => _elements is not null || Operands.Length == 0 || Array.Exists(Operands, operand => operand.MayHaveRows);

    /// <summary>Whether an evaluation element by element may give the lanes in another order than that of the shape.</summary>
    public bool Reorders => _reorders ??= MayReorder;

    protected virtual bool MayReorder => Operands.Any(operand => operand.Reorders);

    public void Attach(Dependent dependent) => _dependents.Add(dependent);

    public sealed override void Invalidate()
    {
        if (IsStale)
        {
            return;
        }

        IsStale = true;
        InvalidateDependents();
    }

    public void Refresh(Moment moment)
    {
        if (!IsStale)
        {
            return;
        }

        Failure = null;
        foreach (var operand in Operands)
        {
            operand.Refresh(moment);
            Failure ??= operand.Failure;
        }

        IsStale = false;
        if (Failure is null)
        {
            Compute(moment);
        }
    }

    /// <summary>The smallest known number of rows behind a lane that is there; 0 where none is known.</summary>
    public int RowsAt(int lane) => _elements?.Rows[lane] ?? RowsOf(lane);

    /// <summary>The lanes that are there, in the order in which an evaluation element by element gives them.</summary>
    public IEnumerable<int> Ordered()
    {
        if (_elements is null && Reorders)
        {
            return InOrder();
        }

        return InShape();
    }

    /// <summary>The node as the value that an evaluation element by element works on.</summary>
    public Value ToValue() => IsScalar
        ? new Value.Scalar(Number, NumberRows)
        : new Value.Vector([.. Ordered().Select(lane => new Element(Shape.Labels[lane], Values[lane], RowsAt(lane)))]);

    protected abstract void Compute(Moment moment);

    /// <summary>As <see cref="RowsAt"/>, where the node was computed by lanes.</summary>
    protected abstract int RowsOf(int lane);

    /// <summary>As <see cref="Ordered"/>, where the order may be another one.</summary>
    protected virtual IEnumerable<int> InOrder() => Operands[0].Ordered().Where(Valid.Has);

    protected void InvalidateDependents()
    {
        foreach (var dependent in _dependents)
        {
            dependent.Invalidate();
        }
    }

    /// <summary>Computes the node as the evaluator does, where lanes cannot be told apart beforehand.</summary>
    protected void ComputeElements(ElementStep step, Moment moment)
    {
        var value = step.Evaluate(moment, out var failure);
        Failure = failure;
        if (failure is not null)
        {
            return;
        }

        if (value is Value.Scalar scalar)
        {
            (Number, NumberRows) = (scalar.Number, scalar.Rows);
            return;
        }

        _elements ??= new ElementLanes();
        _elements.Take(((Value.Vector)value).Elements, step.Tables.Labels);
        (Shape, Values, Valid) = (_elements.Shape, _elements.Values, _elements.Valid);
    }

    /// <summary>From here on the node is computed by lanes.</summary>
    protected void LeaveElements()
    {
        if (_elements is not null)
        {
            _elements = null;
            (Values, Valid) = ([], []);
        }
    }

    protected static ulong[] Sized(ulong[] words, int count) => words.Length == count ? words : new ulong[count];

    protected static double[] Sized(double[] values, Shape shape) => values.Length == Bits.Padded(shape.Count) ? values : new double[Bits.Padded(shape.Count)];

    private IEnumerable<int> InShape()
    {
        foreach (var lane in Bits.Each(Valid))
        {
            yield return lane;
        }
    }
}
