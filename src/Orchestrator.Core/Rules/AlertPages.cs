using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The standing alerts of one rule by lane, and the times at which one of them is due; what has ended is used again.</summary>
/// <param name="schedule">Asks for a look at an instant.</param>
internal sealed class AlertPages(AlertNaming naming, AlertStock stock, Action<long> schedule)
{
    private readonly long _for = naming.Rule.For.ToMicros();
    private readonly long _keep = naming.Rule.KeepFiringFor.ToMicros();
    private readonly List<StandingAlert> _standing = [];
    private readonly LaneAlerts _byLane = new();
    private PriorityQueue<StandingAlert, long>? _due; // some ended since
    private int _lost; // standing alerts without a lane
    private bool _isSorted;
    private ImmutableArray<Alert>? _alerts = [];

    public AlertNaming Naming => naming;

    public AlertStock Stock => stock;

    /// <summary>The pending and firing alerts in the order of their labels.</summary>
    public ImmutableArray<Alert> Alerts => _alerts ??= [.. Sorted().Select(standing => standing.Record(naming))];

    /// <summary>The series by which the alerts are seen, in the order of the alerts.</summary>
    public List<LabelledSample> Series(RuleRun run)
    {
        var samples = new List<LabelledSample>(_standing.Count * 2);
        foreach (var standing in Sorted())
        {
            standing.Write(naming, run, samples);
        }

        return samples;
    }

    public StandingAlert? At(int lane) => _byLane.Find(lane);

    public void Load(ImmutableArray<Alert> alerts)
    {
        _standing.Clear();
        _byLane.Clear();
        _due?.Clear();
        (_alerts, _lost) = (null, 0);
        foreach (var alert in alerts)
        {
            var standing = new StandingAlert();
            standing.Load(alert);
            Stand(standing);
            if (alert.State == AlertState.Pending || alert.ReleasedAt is not null)
            {
                Await(standing, alert.ReleasedAt is { } since ? since + _keep : alert.ActiveAt + _for);
            }
        }
    }

    /// <summary>Finds the lanes of the alerts; those that held and have none end.</summary>
    public void Place(Condition condition, List<StandingAlert> ends)
    {
        _byLane.Clear();
        _lost = 0;
        foreach (var standing in _standing)
        {
            var lane = condition.LaneOf(standing.Source);
            var isSame = lane >= 0 && naming.LabelsOf(condition.SampleAt(lane)) == standing.Labels(naming) && _byLane.TryAdd(lane, standing);
            standing.Lane = isSame ? lane : -1;
            _lost += isSame ? 0 : 1;
            if (standing.Holds && isSame)
            {
                condition.Hold(lane, true);
            }
            else if (standing.Holds)
            {
                ends.Add(standing);
            }
        }
    }

    /// <summary>An alert that had lost its lane goes on in the one in which its labels are seen now.</summary>
    public void Claim(int lane, Condition condition, List<StandingAlert> ends)
    {
        if (_lost == 0 || _byLane.Find(lane) is not null)
        {
            return;
        }

        if (Lost(naming.LabelsOf(condition.SampleAt(lane))) is { } known)
        {
            ends.Remove(known);
            known.Lane = lane;
            _byLane.TryAdd(lane, known);
            _lost--;
        }
    }

    private StandingAlert? Lost(Labels name) => _standing.Find(standing => standing.Lane < 0 && standing.Labels(naming) == name);

    public void Begin(in VectorLane seen, long asOf, AlertChanges changes)
    {
        _alerts = null;
        if (_byLane.Find(seen.Lane) is { } known)
        {
            known.Holds = true;
            known.See(seen);
            return;
        }

        var standing = stock.Take();
        standing.Begin(seen, asOf);
        Stand(standing);
        _byLane.TryAdd(seen.Lane, standing);
        if (_for <= 0)
        {
            standing.Fire(asOf);
        }
        else
        {
            Await(standing, asOf + _for);
        }

        changes.Add(new AlertChange(this, standing, AlertState.Inactive, standing.State, TransitionReason.Holds));
    }

    /// <summary>The condition holds no more.</summary>
    public void End(StandingAlert standing, long asOf, AlertChanges changes)
    {
        _alerts = null;
        standing.Holds = false;
        if (standing.State == AlertState.Firing)
        {
            standing.Release(asOf);
        }

        if (standing.State == AlertState.Firing && _keep > 0)
        {
            Await(standing, asOf + _keep);
        }
        else
        {
            Remove(standing, changes);
        }
    }

    public void See(StandingAlert standing, in VectorLane seen)
    {
        _alerts = null;
        standing.See(seen);
    }

    public void SeeAll(Condition condition)
    {
        _alerts = null;
        foreach (var standing in _standing)
        {
            if (standing.Holds && !(condition.TryNumber(standing.Lane, out var number) && standing.TrySee(number)))
            {
                standing.See(condition.At(standing.Lane));
            }
        }
    }

    /// <summary>Lets what is due happen: pending alerts fire, kept ones end.</summary>
    public void CatchUp(long asOf, AlertChanges changes)
    {
        while (_due is not null && _due.TryPeek(out var standing, out var due) && due <= asOf)
        {
            _due.Dequeue();
            if (standing.Pages != this)
            {
                continue;
            }

            if (standing is { Holds: true, State: AlertState.Pending } && asOf - standing.ActiveAt >= _for)
            {
                _alerts = null;
                standing.Fire(asOf);
                changes.Add(new AlertChange(this, standing, AlertState.Pending, AlertState.Firing, TransitionReason.Holds));
            }
            else if (standing is { Holds: false, ReleasedAt: { } since } && asOf - since >= _keep)
            {
                _alerts = null;
                Remove(standing, changes);
            }
        }
    }

    private List<StandingAlert> Sorted()
    {
        if (!_isSorted)
        {
            _isSorted = true;
            _standing.Sort((left, right) => left.Labels(naming).CompareTo(right.Labels(naming)));
            for (var place = 0; place < _standing.Count; place++)
            {
                _standing[place].Place = place;
            }
        }

        return _standing;
    }

    private void Stand(StandingAlert standing)
    {
        (standing.Pages, standing.Place) = (this, _standing.Count);
        _standing.Add(standing);
        _isSorted = false;
    }

    private void Remove(StandingAlert standing, AlertChanges changes)
    {
        _isSorted = false;
        var last = _standing[^1];
        _standing[standing.Place] = last;
        last.Place = standing.Place;
        _standing.RemoveAt(_standing.Count - 1);
        (standing.Pages, standing.Place) = (null, -1);
        stock.Give(standing);
        if (standing.Lane >= 0)
        {
            _byLane.Remove(standing.Lane);
        }
        else
        {
            _lost--;
        }

        changes.Add(new AlertChange(this, standing, standing.State, AlertState.Inactive, TransitionReason.NoLongerHolds));
    }

    private void Await(StandingAlert standing, long due)
    {
        _due ??= new();
        _due.Enqueue(standing, due);
        schedule(due);
    }
}
