using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A comparison of a vector with a number that keeps the elements for which it holds.</summary>
internal sealed class ThresholdNode : Node
{
    private readonly Node _vector;
    private readonly Node _scalar;
    private readonly BinaryOp _op;

    /// <param name="op">The comparison with the vector on the left.</param>
    public ThresholdNode(Expr expr, BinaryOp op, Node vector, Node scalar)
        : base(expr, vector, scalar)
    {
        (_op, _vector, _scalar) = (op, vector, scalar);
    }

    protected override int RowsOf(int lane) => Evaluation.Element.Fewer(_vector.RowsAt(lane), _scalar.NumberRows);

    protected override void Compute(Moment moment)
    {
        Shape = _vector.Shape;
        Values = _vector.Values;
        Valid = Sized(Valid, Shape.Words);
        Lanewise.Compare(_op, Values, _scalar.Number, new(_vector.Valid, Valid));
    }
}
