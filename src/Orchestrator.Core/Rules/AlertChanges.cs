using System.Collections;

namespace Orchestrator.Core.Rules;

/// <summary>A change of a standing alert, or one whose record was made already.</summary>
internal readonly record struct AlertChange(AlertPages? Pages, StandingAlert? Alert, AlertState From, AlertState To, TransitionReason Reason)
{
    public AlertTransition? Made { get; init; }
}

/// <summary>The changes of one pass in the order of rules and labels; their records are made when somebody looks at them, until the next pass.</summary>
internal sealed class AlertChanges : IReadOnlyList<AlertTransition>
{
    private readonly List<AlertChange> _changes = [];
    private readonly List<AlertTransition> _made = [];
    private long _at;

    public int Count => _changes.Count;

    public AlertTransition this[int index] => Made()[index];

    public void Begin(long at)
    {
        _at = at;
        _changes.Clear();
        _made.Clear();
    }

    public void Add(in AlertChange change) => _changes.Add(change);

    public void Add(IEnumerable<AlertTransition> made) => _changes.AddRange(made.Select(transition => new AlertChange { Made = transition }));

    public IEnumerator<AlertTransition> GetEnumerator() => Made().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<AlertTransition> Made()
    {
        if (_made.Count == _changes.Count)
        {
            return _made;
        }

        _made.Clear();
        var first = 0;
        for (var i = 0; i < _changes.Count; i++)
        {
            first = i > 0 && _changes[i].Pages == _changes[i - 1].Pages ? first : i;
            _made.Add(Make(_changes[i]));
            var isLast = i + 1 == _changes.Count || _changes[i + 1].Pages != _changes[i].Pages;
            if (isLast && i > first && _changes[i].Pages is not null)
            {
                _made.Sort(first, i - first + 1, ByLabels);
            }
        }

        return _made;
    }

    private AlertTransition Make(in AlertChange change)
    {
        if (change.Made is { } made)
        {
            return made;
        }

        var (pages, alert) = (change.Pages!, change.Alert!);
        return new(pages.Naming.Group.Name, pages.Naming.Rule.Name, alert.Record(pages.Naming) with { State = change.To }, change.From, _at, change.Reason);
    }

    private static Comparer<AlertTransition> ByLabels { get; } = Comparer<AlertTransition>.Create((left, right) => left.Alert.Labels.CompareTo(right.Alert.Labels));
}
