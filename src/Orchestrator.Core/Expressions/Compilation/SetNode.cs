using System.Numerics.Tensors;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary><c>and</c> and <c>unless</c>: lanes of the first operand by whether the second has a lane that matches.</summary>
internal sealed class SetNode : Node
{
    private readonly Expr.Binary _binary;
    private readonly bool _isAnd;
    private readonly NetworkTables _tables;
    private (Shape First, Shape Second)? _bound;
    private JoinPlan? _plan;
    private SignatureGroups? _groups;

    public SetNode(Expr.Binary binary, Node first, Node second, NetworkTables tables)
        : base(binary, first, second)
    {
        (_binary, _tables) = (binary, tables);
        _isAnd = binary.Op == BinaryOp.And;
    }

    protected override int RowsOf(int lane)
    {
        var rows = Operands[0].RowsAt(lane);
        if (!_isAnd)
        {
            return rows;
        }

        return _plan is null
            ? Element.Fewer(rows, _groups!.RowsFor(lane, Operands[1]))
            : Element.Fewer(rows, Operands[1].RowsAt(_plan.IsAligned ? lane : _plan.Partner[lane]));
    }

    protected override void Compute(Moment moment)
    {
        var (first, second) = (Operands[0], Operands[1]);
        if (_bound != (first.Shape, second.Shape))
        {
            _bound = (first.Shape, second.Shape);
            _plan = _tables.Joins.Find(first.Shape, second.Shape, _binary.Matching, _tables.Labels);
            _groups = _plan is null ? new SignatureGroups(first.Shape, second.Shape, _binary.Matching, _tables.Labels) : null;
        }

        (Shape, Values) = (first.Shape, first.Values);
        Valid = Sized(Valid, Shape.Words);
        if (_plan is null)
        {
            _groups!.Meet(first.Valid, second.Valid, Valid, _isAnd);
        }
        else if (_plan.IsAligned)
        {
            Align(first.Valid, second.Valid);
        }
        else
        {
            Meet(first.Valid, second.Valid, _plan.Partner);
        }
    }

    private void Align(ulong[] first, ulong[] second)
    {
        if (_isAnd)
        {
            TensorPrimitives.BitwiseAnd<ulong>(first, second, Valid);
            return;
        }

        for (var word = 0; word < Valid.Length; word++)
        {
            Valid[word] = first[word] & ~second[word];
        }
    }

    private void Meet(ulong[] first, ulong[] second, int[] partner)
    {
        Array.Clear(Valid);
        foreach (var lane in Bits.Each(first))
        {
            var meets = partner[lane] >= 0 && second.Has(partner[lane]);
            if (meets == _isAnd)
            {
                Valid.Put(lane, true);
            }
        }
    }
}
