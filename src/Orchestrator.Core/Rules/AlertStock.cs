namespace Orchestrator.Core.Rules;

/// <summary>What the alert books of a group have in common: room for what they find, and alerts that ended, to be used again.</summary>
internal sealed class AlertStock
{
    private readonly Stack<StandingAlert> _free = new();
    private readonly List<StandingAlert> _ended = []; // at the last pass, which may still be asked about

    /// <summary>Lanes that turned, of the book that is looked at.</summary>
    public List<int> Turned { get; } = [];

    /// <summary>Alerts of that book that have no lane any more.</summary>
    public List<StandingAlert> Lost { get; } = [];

    /// <summary>What ended at the last pass is not asked about any more.</summary>
    public void Reuse()
    {
        foreach (var ended in _ended)
        {
            _free.Push(ended);
        }

        _ended.Clear();
    }

    public StandingAlert Take() => _free.Count > 0 ? _free.Pop() : new StandingAlert();

    public void Give(StandingAlert ended) => _ended.Add(ended);
}
