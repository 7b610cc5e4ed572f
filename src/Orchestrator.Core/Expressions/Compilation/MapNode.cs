using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using LaneMap = System.Action<System.ReadOnlySpan<double>, double, System.Span<double>>;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A function of each value of a vector by itself, or of it and a number; the metric's name is dropped.</summary>
internal sealed class MapNode : Node
{
    private readonly LaneMap _map;
    private readonly ElementStep _step;

    /// <param name="operands">The vector first, then the number where there is one.</param>
    public MapNode(Expr expr, Node[] operands, LaneMap map, ElementStep step)
        : base(expr, operands)
    {
        (_map, _step) = (map, step);
    }

    protected override int RowsOf(int lane) =>
        Operands.Aggregate(0, (rows, operand) => Element.Fewer(rows, operand.IsScalar ? operand.NumberRows : operand.RowsAt(lane)));

    protected override void Compute(Moment moment)
    {
        var vector = Operands[0];
        var nameless = _step.Tables.Labels.Nameless(vector.Shape);
        if (!nameless.IsUnique)
        {
            ComputeElements(_step, moment);
            return;
        }

        LeaveElements();
        Shape = nameless;
        Values = Sized(Values, Shape);
        Valid = Sized(Valid, Shape.Words);
        vector.Valid.CopyTo(Valid, 0);
        _map(vector.Values.AsSpan(0, Values.Length), Operands.Length > 1 ? Operands[1].Number : double.NaN, Values);
    }
}
