using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A number that is the same at every moment.</summary>
internal sealed class ConstantNode : Node
{
    public ConstantNode(Expr expr, double number)
        : base(expr)
    {
        IsScalar = true;
        Number = number;
    }

    public override bool MayHaveRows => false;

    protected override int RowsOf(int lane) => 0;

    protected override void Compute(Moment moment)
    {
    }
}
