using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A selector of one metric at the evaluation's own instant: the metric's column, or the lanes of it that match.</summary>
internal sealed class ColumnNode(Expr.Selector selector, SeriesColumns columns, NetworkTables tables) : Node(selector)
{
    private const int MostSingleChanges = 64;

    private readonly string _metric = selector.Metric!;
    private readonly int[] _changes = new int[MostSingleChanges];
    private readonly Dictionary<int, List<Dependent>> _holders = [];
    private readonly HashSet<Dependent> _wholeHolders = [];
    private MetricColumn? _column;
    private int[]? _lanes; // none: all of the column
    private long _structure = -1;
    private long _version;
    private long _at = long.MinValue;
    private long _nextEnd = long.MinValue;
    private PastLanes? _past;
    private ThresholdIndex? _index;

    /// <summary>Looks for what changed since the last evaluation; single samples are passed on lane by lane.</summary>
    public void Watch(long at)
    {
        _column ??= columns.Find(_metric);
        if (_column is null || IsStale)
        {
            return;
        }

        if (_column.Structure != _structure || _past is not null || at >= _nextEnd || at < _at)
        {
            Invalidate();
        }
        else if (_column.Version != _version && !Follow(_column, at))
        {
            Invalidate();
        }
    }

    protected override int RowsOf(int lane) => _past?.RowsAt(lane) ?? _column!.Rows[_lanes is null ? lane : _lanes[lane]];

    /// <summary>Whether any sample says how many rows it was measured on.</summary>
    public bool HasRows => _past is not null || _column is { HasRows: true };

    /// <summary>How often series joined the metric.</summary>
    public long Structure => _structure;

    /// <summary>The dependent is invalidated when any lane changes.</summary>
    public void HoldAll(Dependent by) => _wholeHolders.Add(by);

    /// <summary>The dependent is told when the number of the lane changes.</summary>
    public void Hold(int lane, Dependent by)
    {
        if (!_holders.TryGetValue(lane, out var holders))
        {
            _holders.Add(lane, holders = []);
        }

        holders.Add(by);
    }

    public void Release(int lane, Dependent by)
    {
        if (_holders.TryGetValue(lane, out var holders) && holders.Remove(by) && holders.Count == 0)
        {
            _holders.Remove(lane);
        }
    }

    public void ReleaseAll(Dependent by) => _wholeHolders.Remove(by);

    protected override void Compute(Moment moment)
    {
        if (_column is null)
        {
            return;
        }

        if (_column.Structure != _structure)
        {
            Bind(_column);
        }

        _version = _column.Version;
        _at = moment.At;
        _nextEnd = _lanes is null ? CopyAll(_column, moment.At) : Copy(_column, _lanes, moment.At);
        _past = _column.Newest > moment.At ? new PastLanes(moment, tables.Lookback) : null;
        _past?.Read(_column, _lanes, this);
    }

    /// <summary>A lane as the snapshot shows it.</summary>
    internal void Set(int lane, double value, bool isThere)
    {
        Values[lane] = value;
        Valid.Put(lane, isThere);
    }

    private void Bind(MetricColumn column)
    {
        column.Sort();
        _structure = column.Structure;
        _index = null;
        var matching = ((Expr.Selector)Expr).Matchers.Where(matcher => matcher.Label != Labels.NameLabel || matcher.Op != MatchOp.Equal).ToArray();
        var lanes = matching.Length == 0 ? null : Matching(column, matching);
        _lanes = lanes?.Length == column.Count ? null : lanes;
        Shape = tables.Labels.Distinct(_lanes is null ? column.Labels.ToArray() : [.. _lanes.Select(lane => column.Labels[lane])]);
        Values = Sized(Values, Shape);
        Valid = new ulong[Shape.Words];
    }

    private static int[] Matching(MetricColumn column, Matcher[] matchers)
    {
        var lanes = new List<int>();
        for (var lane = 0; lane < column.Count; lane++)
        {
            var labels = column.Labels[lane];
            if (Array.TrueForAll(matchers, matcher => matcher.Matches(labels)))
            {
                lanes.Add(lane);
            }
        }

        return [.. lanes];
    }

    private long CopyAll(MetricColumn column, long at)
    {
        column.Values.AsSpan(0, Values.Length).CopyTo(Values);
        return Lanewise.Visible(column, at, tables.Lookback, Valid);
    }

    private long Copy(MetricColumn column, int[] lanes, long at)
    {
        var next = long.MaxValue;
        for (var i = 0; i < lanes.Length; i++)
        {
            var end = End(column, lanes[i]);
            var isThere = column.Times[lanes[i]] <= at && at < end;
            next = isThere ? Math.Min(next, end) : next;
            Set(i, column.Values[lanes[i]], isThere);
        }

        return next;
    }

    private long End(MetricColumn column, int lane) => column.Until[lane] == 0 ? column.Times[lane] + tables.Lookback : column.Until[lane];

    /// <summary>Follows single samples; false where the column is to be read as a whole.</summary>
    private bool Follow(MetricColumn column, long at)
    {
        if (!column.TryChanges(_version, _changes, out var count))
        {
            return false;
        }

        var changes = _changes.AsSpan(0, count);
        if (_lanes is not null)
        {
            foreach (var lane in changes)
            {
                if (Array.BinarySearch(_lanes, lane) >= 0)
                {
                    return false;
                }
            }
        }
        else
        {
            foreach (var lane in changes)
            {
                if (column.Times[lane] > at)
                {
                    return false;
                }

                Apply(column, lane, at);
            }
        }

        _version = column.Version;
        _at = at;
        return true;
    }

    private void Apply(MetricColumn column, int lane, long at)
    {
        var before = Valid.Has(lane) ? Values[lane] : double.NaN;
        var end = End(column, lane);
        var isThere = at < end;
        _nextEnd = isThere ? Math.Min(_nextEnd, end) : _nextEnd;
        var wasThere = Valid.Has(lane);
        Set(lane, column.Values[lane], isThere);
        _index ??= new ThresholdIndex(Dependents);
        _index.Move(lane, before, isThere ? Values[lane] : double.NaN);
        foreach (var other in _index.Others)
        {
            if (!other.FollowsLanes)
            {
                other.Invalidate();
            }
            else if (wasThere != isThere)
            {
                other.Flip(this, lane);
            }
        }

        TellHolders(lane);
    }

    private void TellHolders(int lane)
    {
        foreach (var holder in _wholeHolders)
        {
            holder.Invalidate();
        }

        if (_holders.TryGetValue(lane, out var holders))
        {
            foreach (var holder in holders)
            {
                holder.Touch(lane);
            }
        }
    }
}
