using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>A function of the numbers that each series has in a range; the metric's name is dropped.</summary>
internal sealed class RangeNode : Node
{
    private readonly Expr.RangeSelector _range;
    private readonly Func<ReadOnlySpan<double>, double> _function;
    private readonly ElementStep _step;
    private readonly SampleWindow _read = new();
    private Shape _series = Shape.Empty; // with their names
    private int[] _rows = [];

    public RangeNode(Expr.Call call, Expr.RangeSelector range, Func<ReadOnlySpan<double>, double> function, ElementStep step)
        : base(call)
    {
        (_range, _function, _step) = (range, function, step);
    }

    protected override int RowsOf(int lane) => _rows[lane];

    protected override void Compute(Moment moment)
    {
        var series = moment.Snapshot.Select(_range.Vector.Matchers.AsSpan());
        if (!IsOf(series))
        {
            _series = _step.Tables.Labels.Distinct([.. series.Select(points => points.Labels)]);
        }

        var nameless = _step.Tables.Labels.Nameless(_series);
        if (!nameless.IsUnique)
        {
            ComputeElements(_step, moment);
            return;
        }

        LeaveElements();
        Shape = nameless;
        (Values, Valid) = (Sized(Values, Shape), Sized(Valid, Shape.Words));
        _rows = _rows.Length == Shape.Count ? _rows : new int[Shape.Count];
        if (Read(series, moment.At) > _step.Tables.Options.MostSamples)
        {
            ComputeElements(_step, moment); // says so
        }
    }

    private bool IsOf(IReadOnlyList<SeriesPoints> series)
    {
        if (series.Count != _series.Count)
        {
            return false;
        }

        for (var lane = 0; lane < series.Count; lane++)
        {
            if (!series[lane].Labels.Equals(_series.Labels[lane]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many samples there are in all windows.</summary>
    private long Read(IReadOnlyList<SeriesPoints> series, long at)
    {
        var held = 0L;
        for (var lane = 0; lane < series.Count; lane++)
        {
            series[lane].Read(at - _range.Range, at, _read);
            held += _read.Count;
            Valid.Put(lane, _read.Count > 0);
            if (_read.Count > 0)
            {
                (Values[lane], _rows[lane]) = (_function(_read.Values), Element.Fewest(_read.Rows));
            }
        }

        return held;
    }
}
