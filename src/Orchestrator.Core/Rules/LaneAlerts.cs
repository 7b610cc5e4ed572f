namespace Orchestrator.Core.Rules;

/// <summary>The alerts of one rule by lane: few are looked through, many are indexed.</summary>
internal sealed class LaneAlerts
{
    private const int Few = 24;

    private readonly List<int> _lanes = [];
    private readonly List<StandingAlert> _alerts = [];
    private Dictionary<int, StandingAlert>? _many;

    public StandingAlert? Find(int lane)
    {
        if (_many is not null)
        {
            return _many.GetValueOrDefault(lane);
        }

        var at = _lanes.IndexOf(lane);
        return at < 0 ? null : _alerts[at];
    }

    /// <summary>False where the lane has one already.</summary>
    public bool TryAdd(int lane, StandingAlert alert)
    {
        if (_many is not null)
        {
            return _many.TryAdd(lane, alert);
        }

        if (_lanes.Contains(lane))
        {
            return false;
        }

        _lanes.Add(lane);
        _alerts.Add(alert);
        if (_lanes.Count > Few)
        {
            _many = Enumerable.Range(0, _lanes.Count).ToDictionary(at => _lanes[at], at => _alerts[at]);
            _lanes.Clear();
            _alerts.Clear();
        }

        return true;
    }

    public void Remove(int lane)
    {
        if (_many is not null)
        {
            _many.Remove(lane);
            return;
        }

        var at = _lanes.IndexOf(lane);
        (_lanes[at], _alerts[at]) = (_lanes[^1], _alerts[^1]);
        _lanes.RemoveAt(_lanes.Count - 1);
        _alerts.RemoveAt(_alerts.Count - 1);
    }

    public void Clear()
    {
        _lanes.Clear();
        _alerts.Clear();
        _many = null;
    }
}
