using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Looks for what changed in one metric since the last evaluation, once for all selectors of it; single samples are passed on to those that they match.</summary>
internal sealed class MetricWatch(SeriesColumns columns, string metric, long lookback)
{
    private const int MostSingleChanges = 64;

    private readonly List<ColumnNode> _nodes = [];
    private readonly int[] _changes = new int[MostSingleChanges];
    private LaneOwners? _owners;
    private MetricColumn? _column;
    private bool _isOther = true;
    private long _structure = -1;
    private long _version;
    private long _at = long.MinValue;
    private long _nextEnd = long.MaxValue;

    /// <summary>None before the first sample.</summary>
    public MetricColumn? Column => _column ??= columns.Find(metric);

    public void Add(ColumnNode node)
    {
        _nodes.Add(node);
        _owners = null;
    }

    /// <summary>A selector found its lanes.</summary>
    public void Bound() => _owners = null;

    /// <summary>A selector was computed as a whole at an instant, and stays as it is until one of its samples ends.</summary>
    /// <param name="nextEnd">Now, where it has to be looked at again in any case.</param>
    public void Computed(long at, long nextEnd) => (_at, _nextEnd) = (Math.Max(_at, at), Math.Min(_nextEnd, nextEnd));

    public void Look(Moment moment)
    {
        if (Column is not { } column)
        {
            return;
        }

        var isOther = _isOther || column.Structure != _structure || moment.At >= _nextEnd || moment.At < _at;
        if (!isOther && (column.Version == _version || TryFollow(column, moment.At)))
        {
            return;
        }

        _owners = column.Structure == _structure ? _owners : null;
        (_isOther, _structure, _version, _at, _nextEnd) = (false, column.Structure, column.Version, moment.At, long.MaxValue);
        foreach (var node in _nodes)
        {
            node.Renew(moment);
        }
    }

    /// <summary>Exclusive end of the newest sample of a lane.</summary>
    public long End(MetricColumn column, int lane) => column.Until[lane] == 0 ? column.Times[lane] + lookback : column.Until[lane];

    /// <summary>Follows single samples; false where the column is to be read as a whole.</summary>
    private bool TryFollow(MetricColumn column, long at)
    {
        if (!column.TryChanges(_version, _changes, out var count))
        {
            return false;
        }

        var changes = _changes.AsSpan(0, count);
        foreach (var lane in changes)
        {
            if (column.Times[lane] > at)
            {
                return false;
            }
        }

        _owners ??= new LaneOwners(_nodes, column);
        foreach (var lane in changes)
        {
            var end = End(column, lane);
            _nextEnd = at < end ? Math.Min(_nextEnd, end) : _nextEnd;
            foreach (var (node, own) in _owners.Of(lane))
            {
                node.Follow(own < 0 ? lane : own, column.Values[lane], at < end);
            }
        }

        (_version, _at) = (column.Version, at);
        return true;
    }
}
