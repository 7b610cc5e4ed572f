using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary><c>or</c>: the lanes of the first operand, and those of the second that match none that is there in the first.</summary>
internal sealed class UnionNode : Node
{
    private readonly Expr.Binary _binary;
    private readonly NetworkTables _tables;
    private (Shape First, Shape Second)? _bound;
    private int[] _lanes = []; // by lane of the second operand
    private int[] _firstSignatures = [];
    private int[] _secondSignatures = [];
    private readonly HashSet<int> _taken = [];
    private ulong[] _fromSecond = [];
    private int[] _source = []; // by lane that came from the second operand

    public UnionNode(Expr.Binary binary, Node first, Node second, NetworkTables tables)
        : base(binary, first, second)
    {
        (_binary, _tables) = (binary, tables);
    }

    protected override bool MayReorder => true;

    protected override int RowsOf(int lane) => _fromSecond.Has(lane) ? Operands[1].RowsAt(_source[lane]) : Operands[0].RowsAt(lane);

    protected override IEnumerable<int> InOrder() =>
        Operands[0].Ordered().Concat(Operands[1].Ordered().Select(lane => _lanes[lane]).Where(_fromSecond.Has));

    protected override void Compute(Moment moment)
    {
        var (first, second) = (Operands[0], Operands[1]);
        if (_bound != (first.Shape, second.Shape))
        {
            Bind(first.Shape, second.Shape);
        }

        Array.Clear(Valid);
        Array.Clear(_fromSecond);
        first.Valid.CopyTo(Valid, 0);
        first.Values.AsSpan(0, first.Shape.Count).CopyTo(Values);
        _taken.Clear();
        foreach (var lane in Bits.Each(first.Valid))
        {
            _taken.Add(_firstSignatures[lane]);
        }

        foreach (var lane in Bits.Each(second.Valid))
        {
            if (!_taken.Contains(_secondSignatures[lane]))
            {
                Take(lane, second.Values[lane]);
            }
        }
    }

    private void Take(int lane, double value)
    {
        var to = _lanes[lane];
        Values[to] = value;
        Valid.Put(to, true);
        _fromSecond.Put(to, true);
        _source[to] = lane;
    }

    private void Bind(Shape first, Shape second)
    {
        _bound = (first, second);
        _firstSignatures = _tables.Labels.Signatures(first, _binary.Matching);
        _secondSignatures = _tables.Labels.Signatures(second, _binary.Matching);
        _lanes = new int[second.Count];
        var labels = first.Labels.ToList();
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            // Equal label sets match each other, so at most one of the two is there.
            var same = first.IsUnique && second.IsUnique ? first.LaneOf(second.Ids[lane]) : -1;
            _lanes[lane] = same >= 0 ? same : labels.Count;
            if (same < 0)
            {
                labels.Add(second.Labels[lane]);
            }
        }

        Shape = labels.Count == first.Count ? first : _tables.Labels.Shape(labels);
        Values = new double[Bits.Padded(Shape.Count)];
        Valid = new ulong[Shape.Words];
        _fromSecond = new ulong[Shape.Words];
        _source = new int[Shape.Count];
    }
}
