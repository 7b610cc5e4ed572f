using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A pending or firing alert as it stands between evaluations; its labels, its record and its texts are made when somebody asks.</summary>
internal sealed class StandingAlert
{
    private Alert? _record;
    private bool _isCurrent; // the record says all that is known
    private bool _isRendered; // its texts are those of this rule, this sample and this value
    private Labels? _sample; // none: not seen since it was loaded
    private Labels? _name;
    private Labels? _stateSeries;
    private Labels? _sinceSeries;

    /// <summary>The rule's pages that it stands on.</summary>
    public AlertPages? Pages { get; set; }

    public AlertState State { get; private set; }

    public long ActiveAt { get; private set; }

    public long? FiredAt { get; private set; }

    public long? ReleasedAt { get; private set; }

    /// <summary>The lane it is seen in; -1 where its series is unknown.</summary>
    public int Lane { get; set; }

    /// <summary>Its place among the alerts of the rule; -1 once it has ended.</summary>
    public int Place { get; set; }

    /// <summary>Whether the condition held at the last evaluation.</summary>
    public bool Holds { get; set; }

    /// <summary>Value of the last evaluation for which the condition held.</summary>
    public double Value { get; private set; }

    public int Rows { get; private set; }

    /// <summary>An alert of which nothing is known but that its condition holds now.</summary>
    public void Begin(in VectorLane seen, long at)
    {
        (_record, _isCurrent, _isRendered, _name, _stateSeries, _sinceSeries) = (null, false, false, null, null, null);
        (State, ActiveAt, FiredAt, ReleasedAt) = (AlertState.Pending, at, null, null);
        (Lane, Holds, _sample, Value, Rows) = (seen.Lane, true, seen.Sample, seen.Value, seen.Rows);
    }

    public void Load(Alert alert)
    {
        (_record, _isCurrent, _name) = (alert, true, alert.Labels);
        (State, ActiveAt, FiredAt, ReleasedAt) = (alert.State, alert.ActiveAt, alert.FiredAt, alert.ReleasedAt);
        (Lane, Holds, Value, Rows) = (-1, alert.ReleasedAt is null, alert.Value, alert.Rows);
    }

    /// <summary>The condition holds for a sample.</summary>
    public void See(in VectorLane seen)
    {
        if (!ReferenceEquals(_sample, seen.Sample))
        {
            (_sample, _isCurrent, _isRendered) = (seen.Sample, false, false);
        }

        if (BitConverter.DoubleToInt64Bits(Value) != BitConverter.DoubleToInt64Bits(seen.Value) || Rows != seen.Rows)
        {
            (Value, Rows, _isCurrent, _isRendered) = (seen.Value, seen.Rows, false, false);
        }

        if (ReleasedAt is not null)
        {
            (ReleasedAt, _isCurrent) = (null, false);
        }
    }

    /// <summary>The condition holds for a sample that differs from the one that was seen last in its number at most, without rows; false where more has to be said.</summary>
    public bool TrySee(double value)
    {
        if (_sample is null || ReleasedAt is not null || Rows != 0)
        {
            return false;
        }

        if (BitConverter.DoubleToInt64Bits(Value) != BitConverter.DoubleToInt64Bits(value))
        {
            (Value, _isCurrent, _isRendered) = (value, false, false);
        }

        return true;
    }

    public void Fire(long at)
    {
        (State, FiredAt, _isCurrent) = (AlertState.Firing, at, false);
        _stateSeries = null;
    }

    public void Release(long at) => (ReleasedAt, _isCurrent) = (at, false);

    public Labels Labels(AlertNaming naming) => _name ??= naming.LabelsOf(_sample!);

    /// <summary>The labels of its sample, without the metric's name.</summary>
    public Labels Source => _sample?.Without(Series.Labels.NameLabel) ?? _record!.Source;

    /// <summary>The series by which the alert is seen, made once for each state.</summary>
    public void Write(AlertNaming naming, RuleRun run, List<LabelledSample> samples)
    {
        samples.Add(run.Written(_stateSeries ??= AlertSeries.StateOf(Labels(naming), State), 1));
        samples.Add(run.Written(_sinceSeries ??= AlertSeries.SinceOf(Labels(naming)), ActiveAt / Timestamp.PerSecond));
    }

    /// <summary>The record with the last value, its annotations rendered with it.</summary>
    public Alert Record(AlertNaming naming)
    {
        if (_isCurrent)
        {
            return _record!;
        }

        var record = (_record ?? new Alert(Labels(naming), Source, State, ActiveAt)) with
        {
            Source = Source,
            State = State,
            FiredAt = FiredAt,
            ReleasedAt = ReleasedAt,
            Value = Value,
            Rows = Rows,
        };
        if (_sample is not null && !_isRendered)
        {
            record = record with { Annotations = naming.AnnotationsOf(_sample, Value), IsAbsent = false };
        }

        (_record, _isCurrent, _isRendered) = (record, true, _sample is not null);
        return record;
    }
}
