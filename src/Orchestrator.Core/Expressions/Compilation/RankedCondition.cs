using System.Numerics;
using System.Numerics.Tensors;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Whether the code of a column lies in a range.</summary>
/// <param name="IsNegated">It has to lie outside.</param>
/// <param name="Counts">The rows behind its sample are behind the result.</param>
internal readonly record struct Literal(RankedColumn Column, CodeRange Range, bool IsNegated, bool Counts)
{
    public bool Holds(int lane) => Range.Has(Column.Codes[lane]) != IsNegated;
}

/// <summary>A condition made of comparisons of columns with constants: one of its branches holds where all of that branch's comparisons do.</summary>
/// <remarks>Sample and value are those of the first column of the first branch that holds.</remarks>
internal sealed class RankedCondition : Condition
{
    private const int MostTouched = 512;

    private readonly List<int> _touched = [];
    private LaneDomain _domain = new([]);
    private ulong[] _held = [];
    private bool _isWhole = true;
    private bool _hasMoved = true;
    private bool _mayHaveRows;
    private int _holding;
    private int _fitted; // to so many lanes

    public Literal[][] Branches { get; private set; } = [];

    public RankedColumn[] Columns { get; private set; } = [];

    public override bool HasOtherLanes => false;

    public override int LaneCount => _domain.Count;

    /// <summary>Takes its place among the conditions that have lanes in common with it.</summary>
    public void Seal(LaneDomain domain, Literal[][] branches)
    {
        (_domain, Branches) = (domain, branches);
        Columns = [.. branches.SelectMany(branch => branch).Select(literal => literal.Column).Distinct()];
        domain.Conditions.Add(this);
        Array.ForEach(Columns, column => column.Conditions.Add(this));
    }

    public bool Reads(RankedColumn column) => Array.IndexOf(Columns, column) >= 0;

    /// <summary>A lane may hold now where it did not, or its number is another one.</summary>
    public void Touch(int lane)
    {
        if (!_isWhole && _touched.Count < MostTouched)
        {
            _touched.Add(lane);
        }
        else
        {
            _isWhole = true;
        }

        Pend();
    }

    /// <summary>A column that it reads was computed as a whole.</summary>
    public void Move()
    {
        if (_holding > 0 && !_hasMoved)
        {
            _hasMoved = true;
            Pend();
        }
    }

    public override void Invalidate()
    {
        _isWhole = true;
        Pend();
    }

    /// <summary>Finds all lanes that hold now and did not when they were last looked at, or the other way.</summary>
    public void Sweep()
    {
        if (_isWhole || !IsCrossed())
        {
            return;
        }

        Fit();
        var differs = Turned();
        for (var word = 0; word < differs.Length; word++)
        {
            for (var bits = differs[word]; bits != 0; bits &= bits - 1)
            {
                Touch((word << 6) + BitOperations.TrailingZeroCount(bits));
            }
        }
    }

    public override ExpressionError? Refresh(Moment moment)
    {
        Fit();
        _mayHaveRows = false;
        foreach (var column in Columns)
        {
            _mayHaveRows |= column.Node.MayHaveRows;
        }

        return null;
    }

    public override void Differences(List<int> lanes)
    {
        if (_isWhole)
        {
            Compute(lanes);
        }
        else
        {
            _touched.Sort();
            var last = -1;
            foreach (var lane in _touched)
            {
                if (lane != last && Branch(lane) >= 0 != _held.Has(lane))
                {
                    lanes.Add(lane);
                }

                last = lane;
            }
        }
    }

    public override bool Holds(int lane) => _held.Has(lane);

    public override void Hold(int lane, bool holds)
    {
        if (_held.Has(lane) == holds)
        {
            return;
        }

        _held.Put(lane, holds);
        _holding += holds ? 1 : -1;
        _domain.Holders.Turn(lane, this, holds);
    }

    /// <summary>The lanes that held at the last look.</summary>
    public Bits.Lanes Held() => Bits.Each(_held);

    public override bool TryMoved(out List<int> lanes)
    {
        lanes = _touched;
        return !_isWhole && !_hasMoved;
    }

    public override void Close()
    {
        _touched.Clear();
        (_isWhole, _hasMoved) = (false, false);
    }

    public override void Forget()
    {
        _domain.Holders.Drop();
        Array.Clear(_held);
        _holding = 0;
        Invalidate();
    }

    public override int LaneOf(Labels source) => _domain.LaneOf(source) is var lane && lane >= 0 && Root(lane) is not null ? lane : -1;

    public override bool TellsApart(LabelWrites writes) => _domain.TellsApart(writes);

    public override Labels SampleAt(int lane)
    {
        var root = Root(lane)!;
        return root.Node.Shape.Labels[root.NodeLane(lane)];
    }

    public override bool TryNumber(int lane, out double number)
    {
        if (_mayHaveRows || Branches.Length > 1)
        {
            number = double.NaN;
            return false;
        }

        var root = Branches[0][0].Column;
        number = root.Node.Values[root.NodeLane(lane)];
        return true;
    }

    public override VectorLane At(int lane)
    {
        var branch = Branches[Branches.Length == 1 ? 0 : Branch(lane)];
        var root = branch[0].Column;
        var at = root.NodeLane(lane);
        return new(lane, root.Node.Shape.Labels[at], root.Node.Values[at], _mayHaveRows ? RowsAt(branch, lane) : 0);
    }

    private static int RowsAt(Literal[] literals, int lane)
    {
        var rows = 0;
        foreach (ref readonly var literal in literals.AsSpan())
        {
            var node = literal.Column.Node;
            rows = literal.Counts ? Element.Fewer(rows, node.RowsAt(literal.Column.NodeLane(lane))) : rows;
        }

        return rows;
    }

    /// <summary>The column that gives the sample of a lane, or would give it; none where no such series is known.</summary>
    private RankedColumn? Root(int lane)
    {
        if (Branch(lane) is var branch and >= 0)
        {
            return Branches[branch][0].Column;
        }

        foreach (var literals in Branches)
        {
            if (literals[0].Column.NodeLane(lane) >= 0)
            {
                return literals[0].Column;
            }
        }

        return null;
    }

    /// <summary>The first branch that holds; -1 where none does.</summary>
    private int Branch(int lane)
    {
        for (var i = 0; i < Branches.Length; i++)
        {
            if (AllHold(Branches[i], lane))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool AllHold(Literal[] literals, int lane)
    {
        foreach (ref readonly var literal in literals.AsSpan())
        {
            if (!literal.Holds(lane))
            {
                return false;
            }
        }

        return true;
    }

    private void Compute(List<int> lanes)
    {
        var differs = Turned();
        for (var word = 0; word < differs.Length; word++)
        {
            for (var bits = differs[word]; bits != 0; bits &= bits - 1)
            {
                lanes.Add((word << 6) + BitOperations.TrailingZeroCount(bits));
            }
        }
    }

    /// <summary>The lanes that turned since they were last looked at, as words that are good until the next condition is computed.</summary>
    private ReadOnlySpan<ulong> Turned()
    {
        var (first, second) = _domain.Scratch();
        var result = first.Span;
        if (Branches is [var only] && Lanewise.TryDiffer(only, _held, result))
        {
            return result;
        }

        Lanewise.All(Branches[0], result);
        for (var i = 1; i < Branches.Length; i++)
        {
            Lanewise.All(Branches[i], second.Span);
            TensorPrimitives.BitwiseOr<ulong>(result, second.Span, result);
        }

        TensorPrimitives.Xor<ulong>(result, _held.AsSpan(0, result.Length), result);
        return result;
    }

    private bool IsCrossed()
    {
        foreach (var column in Columns)
        {
            if (column.IsCrossed)
            {
                return true;
            }
        }

        return false;
    }

    private void Fit()
    {
        if (_fitted == _domain.Count)
        {
            return;
        }

        _fitted = _domain.Count;
        if (_held.Length < _domain.Words)
        {
            Array.Resize(ref _held, _domain.Words);
        }

        foreach (var column in Columns)
        {
            column.Fit(_domain.Count);
        }
    }
}
