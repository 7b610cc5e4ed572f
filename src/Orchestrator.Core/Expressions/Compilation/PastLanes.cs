using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Lanes of a column whose newest sample is later than the moment: what they show then stands in the snapshot.</summary>
internal sealed class PastLanes(Moment moment, long lookback)
{
    private readonly Dictionary<int, int> _rows = [];

    public int? RowsAt(int lane) => _rows.TryGetValue(lane, out var rows) ? rows : null;

    public void Read(MetricColumn column, int[]? lanes, ColumnNode node)
    {
        for (var i = 0; i < node.Shape.Count; i++)
        {
            if (column.Times[lanes is null ? i : lanes[i]] > moment.At)
            {
                var seen = moment.Snapshot.Find(node.Shape.Labels[i]) is { } points ? Visible(points) : null;
                _rows[i] = seen?.Rows ?? 0;
                node.Set(i, seen?.Value ?? 0, seen is not null);
            }
        }
    }

    private Sample? Visible(SeriesPoints points)
    {
        if (points.At(moment.At) is not { IsStale: false } sample)
        {
            return null;
        }

        var visible = sample.ValidUntil > 0 ? moment.At < sample.ValidUntil : sample.Time > moment.At - lookback;
        return visible ? sample : null;
    }
}
