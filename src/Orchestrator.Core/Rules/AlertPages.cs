using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>One lane of a condition that holds.</summary>
internal readonly record struct VectorLane(int Lane, Labels Sample, double Value, int Rows);

/// <summary>The standing alerts of one rule, by name and by lane, and the times at which one of them is due.</summary>
/// <param name="schedule">Asks for a look at an instant.</param>
internal sealed class AlertPages(RuleGroup group, Rule.Alerting rule, AlertNaming naming, Action<long> schedule)
{
    private static readonly Comparer<AlertTransition> ByLabels = Comparer<AlertTransition>.Create((left, right) => left.Alert.Labels.CompareTo(right.Alert.Labels));

    private readonly long _for = rule.For.ToMicros();
    private readonly long _keep = rule.KeepFiringFor.ToMicros();
    private readonly Dictionary<Labels, StandingAlert> _standing = [];
    private readonly Dictionary<int, StandingAlert> _byLane = [];
    private readonly PriorityQueue<StandingAlert, long> _due = new();
    private List<StandingAlert>? _sorted;
    private ImmutableArray<Alert>? _alerts = [];

    /// <summary>The pending and firing alerts in the order of their labels.</summary>
    public ImmutableArray<Alert> Alerts => _alerts ??= [.. Sorted.Select(standing => standing.Record(naming))];

    public int Count => _standing.Count;

    private List<StandingAlert> Sorted => _sorted ??= [.. _standing.Values.OrderBy(standing => standing.Labels)];

    /// <summary>The series by which the alerts are seen, in the order of the alerts.</summary>
    public List<LabelledSample> Series(RuleRun run)
    {
        var samples = new List<LabelledSample>(_standing.Count * 2);
        foreach (var standing in Sorted)
        {
            standing.Write(run, samples);
        }

        return samples;
    }

    public static void Sort(List<AlertTransition> transitions, int first)
    {
        if (transitions.Count - first > 1)
        {
            transitions.Sort(first, transitions.Count - first, ByLabels);
        }
    }

    public StandingAlert? At(int lane) => _byLane.GetValueOrDefault(lane);

    public void Load(ImmutableArray<Alert> alerts)
    {
        _standing.Clear();
        _byLane.Clear();
        _due.Clear();
        (_alerts, _sorted) = (null, null);
        foreach (var alert in alerts)
        {
            var standing = new StandingAlert(alert, isCurrent: false) { Holds = alert.ReleasedAt is null };
            _standing.Add(alert.Labels, standing);
            if (alert.State == AlertState.Pending || alert.ReleasedAt is not null)
            {
                Await(standing, alert.ReleasedAt is { } since ? since + _keep : alert.ActiveAt + _for);
            }
        }
    }

    /// <summary>Finds the lanes of the alerts in a shape; those that held and have none end. False where a lane cannot be told.</summary>
    public bool TryPlace(Shape shape, List<StandingAlert> ends, Action<int> holds)
    {
        _byLane.Clear();
        foreach (var standing in _standing.Values)
        {
            var lane = shape.LaneOfSource(standing.Source);
            standing.Lane = lane >= 0 && naming.LabelsOf(shape.Labels[lane]) == standing.Labels ? lane : -1;
            if (lane == Shape.Several || (standing.Lane >= 0 && !_byLane.TryAdd(standing.Lane, standing)))
            {
                return false;
            }

            if (standing.Holds && standing.Lane >= 0)
            {
                holds(standing.Lane);
            }
            else if (standing.Holds)
            {
                ends.Add(standing);
            }
        }

        return true;
    }

    public Labels NameOf(int lane, Shape shape) => At(lane)?.Labels ?? naming.LabelsOf(shape.Labels[lane]);

    /// <summary>Makes sure that a name belongs to a lane alone; one that had lost its lane goes on in the new one.</summary>
    public bool TryClaim(Labels name, int lane, List<StandingAlert> ends)
    {
        if (!_standing.TryGetValue(name, out var known) || known.Lane == lane)
        {
            return true;
        }

        if (known.Lane >= 0)
        {
            return false;
        }

        ends.Remove(known);
        known.Lane = lane;
        _byLane[lane] = known;
        return true;
    }

    public void Begin(in VectorLane seen, Labels name, long asOf, List<AlertTransition> transitions)
    {
        _alerts = null;
        if (_byLane.TryGetValue(seen.Lane, out var known))
        {
            known.Holds = true;
            known.See(seen.Sample, seen.Value, seen.Rows);
            return;
        }

        var standing = new StandingAlert(new Alert(name, seen.Sample.Without(Labels.NameLabel), AlertState.Pending, asOf), isCurrent: false) { Lane = seen.Lane, Holds = true };
        standing.See(seen.Sample, seen.Value, seen.Rows);
        _standing.Add(name, standing);
        _sorted = null;
        _byLane.Add(seen.Lane, standing);
        if (_for <= 0)
        {
            standing.Fire(asOf);
        }
        else
        {
            Await(standing, asOf + _for);
        }

        Report(standing.Record(naming), AlertState.Inactive, asOf, transitions);
    }

    /// <summary>The condition holds no more.</summary>
    public void End(StandingAlert standing, long asOf, List<AlertTransition> transitions)
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
            Remove(standing, asOf, transitions);
        }
    }

    public void See(in VectorLane seen)
    {
        _alerts = null;
        _byLane[seen.Lane].See(seen.Sample, seen.Value, seen.Rows);
    }

    /// <summary>Lets what is due happen: pending alerts fire, kept ones end.</summary>
    public void CatchUp(long asOf, List<AlertTransition> transitions)
    {
        while (_due.TryPeek(out var standing, out var due) && due <= asOf)
        {
            _due.Dequeue();
            if (!_standing.TryGetValue(standing.Labels, out var known) || known != standing)
            {
                continue;
            }

            if (standing is { Holds: true, State: AlertState.Pending } && asOf - standing.ActiveAt >= _for)
            {
                _alerts = null;
                standing.Fire(asOf);
                Report(standing.Record(naming), AlertState.Pending, asOf, transitions);
            }
            else if (standing is { Holds: false, ReleasedAt: { } since } && asOf - since >= _keep)
            {
                _alerts = null;
                Remove(standing, asOf, transitions);
            }
        }
    }

    private void Remove(StandingAlert standing, long asOf, List<AlertTransition> transitions)
    {
        _standing.Remove(standing.Labels);
        _sorted = null;
        if (standing.Lane >= 0)
        {
            _byLane.Remove(standing.Lane);
        }

        var alert = standing.Record(naming);
        transitions.Add(new(group.Name, rule.Name, alert with { State = AlertState.Inactive }, alert.State, asOf, TransitionReason.NoLongerHolds));
    }

    private void Report(Alert alert, AlertState from, long asOf, List<AlertTransition> transitions) =>
        transitions.Add(new(group.Name, rule.Name, alert, from, asOf, TransitionReason.Holds));

    private void Await(StandingAlert standing, long due)
    {
        _due.Enqueue(standing, due);
        schedule(due);
    }
}
