using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A pending or firing alert as it stands between evaluations; its record is made when somebody asks.</summary>
/// <param name="isCurrent">Whether the record was rendered by the rule as it is now.</param>
internal sealed class StandingAlert(Alert alert, bool isCurrent)
{
    private Alert _alert = alert;
    private bool _isCurrent = isCurrent;
    private bool _wasSeen;
    private Labels? _sample;
    private Labels? _stateSeries;
    private Labels? _sinceSeries;

    public Labels Labels => _alert.Labels;

    public Labels Source => _alert.Source;

    public AlertState State => _alert.State;

    public long ActiveAt => _alert.ActiveAt;

    public long? ReleasedAt => _alert.ReleasedAt;

    /// <summary>The lane it is seen in; -1 where its series is unknown.</summary>
    public int Lane { get; set; } = -1;

    /// <summary>Whether the condition held at the last evaluation.</summary>
    public bool Holds { get; set; }

    /// <summary>Value of the last evaluation for which the condition held.</summary>
    public double Value { get; private set; } = alert.Value;

    public int Rows { get; private set; } = alert.Rows;

    /// <summary>The condition holds for a sample.</summary>
    public void See(Labels sample, double value, int rows)
    {
        if (_sample is null || _sample != sample)
        {
            _alert = _alert with { Source = sample.Without(Labels.NameLabel) }; // rules whose labels hide those of their samples
        }

        (_sample, Value, Rows, _wasSeen) = (sample, value, rows, true);
        if (_alert.ReleasedAt is not null || _alert.IsAbsent)
        {
            _alert = _alert with { ReleasedAt = null, IsAbsent = false };
        }
    }

    public void Fire(long at)
    {
        _alert = _alert with { State = AlertState.Firing, FiredAt = at };
        _stateSeries = null;
    }

    public void Release(long at) => _alert = _alert with { ReleasedAt = at };

    /// <summary>The series by which the alert is seen, made once for each state.</summary>
    public void Write(RuleRun run, List<LabelledSample> samples)
    {
        samples.Add(run.Written(_stateSeries ??= AlertSeries.StateOf(Labels, State), 1));
        samples.Add(run.Written(_sinceSeries ??= AlertSeries.SinceOf(Labels), ActiveAt / Timestamp.PerSecond));
    }

    /// <summary>The record with the last value, its annotations rendered with it.</summary>
    public Alert Record(AlertNaming naming)
    {
        if (_wasSeen && !(_isCurrent && BitConverter.DoubleToInt64Bits(_alert.Value) == BitConverter.DoubleToInt64Bits(Value) && _alert.Rows == Rows))
        {
            _alert = _alert with { Value = Value, Rows = Rows, Annotations = naming.AnnotationsOf(_sample!, Value) };
            _isCurrent = true;
        }

        return _alert;
    }
}
