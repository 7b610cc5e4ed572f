using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A comparison of a vector with a number that keeps the elements for which it holds.</summary>
internal sealed class ThresholdNode : Node
{
    private readonly Node _vector;
    private readonly Node _scalar;
    private bool? _followsLanes;

    /// <param name="op">The comparison with the vector on the left.</param>
    public ThresholdNode(Expr expr, BinaryOp op, Node vector, Node scalar)
        : base(expr, vector, scalar)
    {
        (Op, _vector, _scalar) = (op, vector, scalar);
    }

    public BinaryOp Op { get; }

    public double Threshold => _scalar.Number;

    /// <summary>Whether it holds on one side of a constant only.</summary>
    public bool IsStep => _vector is ColumnNode && _scalar is ConstantNode && Op is not (BinaryOp.Equal or BinaryOp.NotEqual) && !double.IsNaN(Threshold);

    // Asked only once the network is complete: an index is built at the first single sample.
    public override bool FollowsLanes => _followsLanes ??= IsStep && Dependents.All(dependent => dependent.FollowsLanes);

    /// <summary>The comparison of one lane turned out differently.</summary>
    public void Put(int lane, bool holds)
    {
        if (!IsStale)
        {
            Valid.Put(lane, holds);
            FlipDependents(lane);
        }
    }

    protected override int RowsOf(int lane) => Evaluation.Element.Fewer(_vector.RowsAt(lane), _scalar.NumberRows);

    protected override void Compute(Moment moment)
    {
        Shape = _vector.Shape;
        Values = _vector.Values;
        Valid = Sized(Valid, Shape.Words);
        Lanewise.Compare(Op, Values, _scalar.Number, new(_vector.Valid, Valid));
    }
}
