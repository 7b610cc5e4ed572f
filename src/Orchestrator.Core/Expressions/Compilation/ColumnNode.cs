using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A selector of one metric at the evaluation's own instant: the metric's column, or the lanes of it that match.</summary>
internal sealed class ColumnNode : Node
{
    private readonly MetricWatch _watch;
    private readonly NetworkTables _tables;
    private readonly Matcher[] _matchers;
    private readonly List<int> _matching = []; // series by the order in which they came
    private int _looked; // at how many series, whether they match
    private long _structure = -1;
    private PastLanes? _past;

    public ColumnNode(Expr.Selector selector, MetricWatch watch, NetworkTables tables)
        : base(selector)
    {
        (_watch, _tables) = (watch, tables);
        _matchers = [.. selector.Matchers.Where(matcher => matcher is not { Label: Labels.NameLabel, Op: MatchOp.Equal } || matcher.Value != selector.Metric)];
        watch.Add(this);
    }

    /// <summary>Set where conditions are decided by where the column's values lie; it is then kept up to date whether or not somebody asks.</summary>
    public RankedColumn? Ranks { get; set; }

    /// <summary>The lanes of the metric that are its own, in order; none where all are.</summary>
    public int[]? Lanes { get; private set; }

    public override bool MayHaveRows => _past is not null || _watch.Column is { HasRows: true };

    public bool IsBoundTo(MetricColumn column) => _structure == column.Structure;

    /// <summary>The metric is to be read anew.</summary>
    public void Renew(Moment moment)
    {
        Invalidate();
        if (Ranks is not null)
        {
            Refresh(moment);
        }
    }

    /// <summary>One lane is another.</summary>
    public void Follow(int lane, double value, bool isThere)
    {
        if (!IsStale)
        {
            Set(lane, value, isThere);
            Ranks?.LookAt(lane);
            InvalidateDependents();
        }
    }

    protected override int RowsOf(int lane) => _past?.RowsAt(lane) ?? _watch.Column!.Rows[Lanes is null ? lane : Lanes[lane]];

    protected override void Compute(Moment moment)
    {
        if (_watch.Column is not { } column)
        {
            return;
        }

        if (_structure != column.Structure)
        {
            Bind(column);
        }

        var nextEnd = Lanes is null ? CopyAll(column, moment.At) : Copy(column, Lanes, moment.At);
        _past = column.Newest > moment.At ? new PastLanes(moment, _tables.Lookback) : null;
        _past?.Read(column, Lanes, this);
        _watch.Computed(moment.At, _past is null ? nextEnd : moment.At);
        Ranks?.LookAtAll();
    }

    /// <summary>A lane as the snapshot shows it.</summary>
    internal void Set(int lane, double value, bool isThere)
    {
        Values[lane] = value;
        Valid.Put(lane, isThere);
    }

    /// <summary>Finds the lanes among those of a metric that series joined; of these only new ones are matched.</summary>
    private void Bind(MetricColumn column)
    {
        column.Sort();
        _structure = column.Structure;
        _watch.Bound();
        for (; _matchers.Length > 0 && _looked < column.Count; _looked++)
        {
            var labels = column.LabelsOf(_looked);
            if (Array.TrueForAll(_matchers, matcher => matcher.Matches(labels)))
            {
                _matching.Add(_looked);
            }
        }

        var isPart = _matchers.Length > 0 && _matching.Count < column.Count;
        Lanes = isPart ? [.. _matching.Select(column.LaneOf).Order()] : null;
        if (Shape.Count != (Lanes?.Length ?? column.Count))
        {
            Shape = _tables.Labels.Distinct(Lanes is null ? column.Kept : Array.ConvertAll(Lanes, lane => column.Labels[lane]));
        }

        (Values, Valid) = (Sized(Values, Shape), Sized(Valid, Shape.Words));
    }

    private long CopyAll(MetricColumn column, long at)
    {
        column.Values.AsSpan(0, Values.Length).CopyTo(Values);
        return Lanewise.Visible(column, at, _tables.Lookback, Valid);
    }

    private long Copy(MetricColumn column, int[] lanes, long at)
    {
        var next = long.MaxValue;
        for (var i = 0; i < lanes.Length; i++)
        {
            var end = _watch.End(column, lanes[i]);
            var isThere = column.Times[lanes[i]] <= at && at < end;
            next = isThere ? Math.Min(next, end) : next;
            Set(i, column.Values[lanes[i]], isThere);
        }

        return next;
    }
}
