using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The label sets of a vector's lanes, in a fixed order; what was planned for a shape is found again by the object.</summary>
internal sealed class Shape(Labels[] labels, bool isUnique, LabelTable table)
{
    public static readonly Shape Empty = new([], true, new LabelTable());

    private int[]? _ids;
    private Dictionary<int, int>? _lanes;
    private Dictionary<Labels, int>? _sources;
    private Dictionary<string, bool>? _apart;

    public Labels[] Labels => labels;

    public int Count => labels.Length;

    public int Words => Bits.Words(Count);

    /// <summary>Whether no label set occurs twice.</summary>
    public bool IsUnique => isUnique;

    /// <summary>The number of each label set in the table.</summary>
    public int[] Ids => _ids ??= Array.ConvertAll(labels, table.Id);

    /// <summary>The lane of a label set; -1 where it has none.</summary>
    public int LaneOf(int id)
    {
        if (_lanes is null)
        {
            _lanes = new Dictionary<int, int>(Count);
            for (var lane = 0; lane < Count; lane++)
            {
                _lanes.TryAdd(Ids[lane], lane);
            }
        }

        return _lanes.GetValueOrDefault(id, -1);
    }

    /// <summary>As <see cref="LabelWrites.KeepApart"/>, of all lanes.</summary>
    public bool TellsApart(LabelWrites writes)
    {
        _apart ??= new(StringComparer.Ordinal);
        if (!_apart.TryGetValue(writes.Key, out var known))
        {
            _apart.Add(writes.Key, known = writes.KeepApart(labels));
        }

        return known;
    }

    /// <summary>The lane whose labels without the metric's name these are, where no other has the same; -1 where there is none.</summary>
    public int LaneOfSource(Labels source)
    {
        if (_sources is null)
        {
            _sources = new Dictionary<Labels, int>(Count);
            for (var lane = 0; lane < Count; lane++)
            {
                var key = labels[lane].Without(Series.Labels.NameLabel);
                _sources.TryAdd(key, lane);
            }
        }

        return _sources.GetValueOrDefault(source, -1);
    }
}
