namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The conditions that hold in each lane, to be told when a number there is another one; allocates only to grow.</summary>
internal sealed class LaneHolders
{
    private const int None = -1;

    private readonly List<Entry> _entries = [];
    private int[] _first = [];
    private int _free = None;
    private bool _isCurrent;

    public List<RankedCondition> Conditions { get; } = [];

    /// <summary>Forgets who holds what, as it will be found out again when somebody has to be told.</summary>
    public void Drop()
    {
        if (_isCurrent)
        {
            _isCurrent = false;
            _entries.Clear();
            _first.AsSpan().Fill(None);
            _free = None;
        }
    }

    /// <summary>A condition holds in a lane now, or does not any more.</summary>
    public void Turn(int lane, RankedCondition condition, bool holds)
    {
        if (!_isCurrent)
        {
            return;
        }

        if (holds)
        {
            Hold(lane, condition);
        }
        else
        {
            Release(lane, condition);
        }
    }

    /// <summary>A column has another number in a lane.</summary>
    public void Tell(int lane, RankedColumn column)
    {
        if (!_isCurrent)
        {
            FindOut();
        }

        for (var at = lane < _first.Length ? _first[lane] : None; at != None; at = _entries[at].Next)
        {
            if (_entries[at].Condition!.Reads(column))
            {
                _entries[at].Condition!.Touch(lane);
            }
        }
    }

    private void FindOut()
    {
        _isCurrent = true;
        foreach (var condition in Conditions)
        {
            foreach (var lane in condition.Held())
            {
                Hold(lane, condition);
            }
        }
    }

    private void Hold(int lane, RankedCondition condition)
    {
        if (lane >= _first.Length)
        {
            var length = _first.Length;
            Array.Resize(ref _first, Math.Max(64, lane * 3 / 2 + 1));
            _first.AsSpan(length).Fill(None);
        }

        var at = _free;
        if (at == None)
        {
            at = _entries.Count;
            _entries.Add(default);
        }
        else
        {
            _free = _entries[at].Next;
        }

        _entries[at] = new(condition, _first[lane]);
        _first[lane] = at;
    }

    private void Release(int lane, RankedCondition condition)
    {
        var (before, at) = (None, _first[lane]);
        while (_entries[at].Condition != condition)
        {
            (before, at) = (at, _entries[at].Next);
        }

        var next = _entries[at].Next;
        if (before == None)
        {
            _first[lane] = next;
        }
        else
        {
            _entries[before] = _entries[before] with { Next = next };
        }

        _entries[at] = new(null, _free);
        _free = at;
    }

    private readonly record struct Entry(RankedCondition? Condition, int Next);
}
