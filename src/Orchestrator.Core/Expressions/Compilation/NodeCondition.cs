using System.Numerics;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A condition that is computed as a whole by nodes: its lanes are those of the node.</summary>
internal sealed class NodeCondition : Condition
{
    private readonly Node _node;
    private readonly int _minRows;
    private Shape _shape = Shape.Empty;
    private ulong[] _held = [];
    private ulong[] _counted = [];
    private bool _isWhole = true;

    /// <param name="minRows">Samples that were measured on fewer rows do not count.</param>
    public NodeCondition(Node node, int minRows)
    {
        (_node, _minRows) = (node, minRows);
        node.Attach(this);
    }

    public override bool HasOtherLanes => _shape != _node.Shape;

    public override int LaneCount => _node.Shape.Count;

    public override void Invalidate()
    {
        _isWhole = true;
        Pend();
    }

    public override ExpressionError? Refresh(Moment moment)
    {
        _node.Refresh(moment);
        return _node.Failure;
    }

    public override void Differences(List<int> lanes)
    {
        if (!_isWhole)
        {
            return;
        }

        var holds = _minRows > 0 ? Counted() : _node.Valid;
        for (var word = 0; word < _held.Length; word++)
        {
            for (var differs = holds[word] ^ _held[word]; differs != 0; differs &= differs - 1)
            {
                lanes.Add((word << 6) + BitOperations.TrailingZeroCount(differs));
            }
        }
    }

    public override bool Holds(int lane) => _held.Has(lane);

    public override void Hold(int lane, bool holds) => _held.Put(lane, holds);

    public override bool TryMoved(out List<int> lanes)
    {
        lanes = [];
        return !_isWhole;
    }

    public override void Close() => _isWhole = false;

    public override void Forget()
    {
        _shape = _node.Shape;
        _held = new ulong[_shape.Words];
        Invalidate();
    }

    public override int LaneOf(Labels source) => _shape.LaneOfSource(source);

    public override bool TellsApart(LabelWrites writes) => _node.Shape.TellsApart(writes);

    public override Labels SampleAt(int lane) => _node.Shape.Labels[lane];

    public override VectorLane At(int lane) => new(lane, _node.Shape.Labels[lane], _node.Values[lane], _node.MayHaveRows ? _node.RowsAt(lane) : 0);

    private ulong[] Counted()
    {
        if (_counted.Length != _held.Length)
        {
            _counted = new ulong[_held.Length];
        }

        Array.Clear(_counted);
        foreach (var lane in Bits.Each(_node.Valid))
        {
            var rows = _node.RowsAt(lane);
            _counted.Put(lane, rows == 0 || rows >= _minRows);
        }

        return _counted;
    }
}
