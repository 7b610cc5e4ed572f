using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A part of an expression that only the evaluator knows how to compute; its operands may still be computed by lanes.</summary>
internal sealed class ElementNode : Node
{
    private readonly ElementStep _step;

    public ElementNode(Expr expr, Node[] operands, ElementStep step, bool isScalar)
        : base(expr, operands)
    {
        _step = step;
        IsScalar = isScalar;
    }

    protected override bool MayReorder => false;

    protected override int RowsOf(int lane) => 0;

    protected override void Compute(Moment moment) => ComputeElements(_step, moment);
}
