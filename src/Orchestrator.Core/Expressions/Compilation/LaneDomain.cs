using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Label sets without the metric's name, each with one lane for all columns that rules compare with each other, whatever order their series came in.</summary>
/// <param name="unsettled">Where a domain puts itself when conditions are to be told something.</param>
internal sealed class LaneDomain(List<LaneDomain> unsettled)
{
    // A passed border costs about as much as this many words of a condition.
    private const long WordsOfBorder = 2;

    private readonly Dictionary<Labels, int> _lanes = [];
    private readonly List<Labels> _labels = [];
    private readonly Dictionary<string, Apartness> _apart = new(StringComparer.Ordinal);
    private readonly List<RankedColumn> _columns = [];
    private readonly List<Crossing> _crossings = [];
    private ulong[] _scratch = [];
    private long _borders;

    public int Count => _labels.Count;

    public int Words => Bits.Words(Count);

    /// <summary>The conditions that hold in each lane.</summary>
    public LaneHolders Holders { get; } = new();

    public List<RankedCondition> Conditions => Holders.Conditions;

    public void Add(RankedColumn column) => _columns.Add(column);

    /// <summary>Once all conditions are known.</summary>
    public void Seal() => _columns.ForEach(column => column.Seal());

    /// <summary>The lane of a label set without a name.</summary>
    public int Intern(Labels labels)
    {
        if (_lanes.TryAdd(labels, _labels.Count))
        {
            _labels.Add(labels);
        }

        return _lanes[labels];
    }

    /// <summary>-1 where it has none.</summary>
    public int LaneOf(Labels labels) => _lanes.TryGetValue(labels, out var lane) ? lane : -1;

    /// <summary>As <see cref="LabelWrites.KeepApart"/>, of all lanes.</summary>
    public bool TellsApart(LabelWrites writes)
    {
        if (!_apart.TryGetValue(writes.Key, out var known))
        {
            _apart.Add(writes.Key, known = new Apartness(writes));
        }

        return known.Of(_labels);
    }

    /// <summary>Two sets of lanes for whoever computes; good until the next asks.</summary>
    public (Memory<ulong> First, Memory<ulong> Second) Scratch()
    {
        if (_scratch.Length < Words * 2)
        {
            _scratch = new ulong[Words * 2];
        }

        return (_scratch.AsMemory(0, Words), _scratch.AsMemory(Words, Words));
    }

    /// <summary>A lane of a column has another code now.</summary>
    public void Cross(in Crossing crossing, int borders)
    {
        if (_crossings.Count == 0)
        {
            unsettled.Add(this);
        }

        _crossings.Add(crossing);
        _borders += borders;
    }

    /// <summary>Tells conditions what came of the codes that changed: border by border where few were passed, otherwise by computing what is concerned as a whole.</summary>
    public void Settle()
    {
        foreach (var column in _columns)
        {
            column.Fit(Count);
        }

        if (_borders * WordsOfBorder > Concerned() * Words)
        {
            Sweep();
        }
        else
        {
            foreach (var crossing in _crossings)
            {
                crossing.Column.Pass(crossing.Lane, crossing.Code);
            }
        }

        _crossings.Clear();
        _borders = 0;
        foreach (var column in _columns)
        {
            column.IsCrossed = false;
        }
    }

    /// <summary>How many conditions read a column of which codes changed.</summary>
    private long Concerned()
    {
        foreach (var crossing in _crossings)
        {
            crossing.Column.IsCrossed = true;
        }

        var count = 0L;
        foreach (var column in _columns)
        {
            count += column.IsCrossed ? column.Conditions.Count : 0;
        }

        return count;
    }

    private void Sweep()
    {
        foreach (var crossing in _crossings)
        {
            crossing.Column.Codes[crossing.Lane] = crossing.Code;
        }

        Holders.Drop();
        foreach (var condition in Conditions)
        {
            condition.Sweep();
        }
    }
}

/// <summary>A column's code of a lane became another one.</summary>
internal readonly record struct Crossing(RankedColumn Column, int Lane, ushort Code);
