using System.Collections.Immutable;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>
/// Elsa 3's counters (<c>Flowchart.Counters</c>, <c>FlowScope</c>) for a flowchart without loops, written down anew: each connection counts
/// how often it was visited and whether it was followed last; what is not followed is passed on as skipped.
/// </summary>
internal sealed class CounterModel(WorkflowDefinition definition)
{
    private readonly Container _container = definition.Root!.Container!;
    private readonly Dictionary<string, int> _activities = [];
    private readonly Dictionary<Connection, (int Visits, bool Followed)> _connections = [];
    private readonly List<string> _scheduled = [];

    /// <summary>The activities that Elsa schedules when activities complete as they did in the journal, in ordinal order.</summary>
    public IEnumerable<string> Replay(IEnumerable<WorkflowEvent> journal)
    {
        _scheduled.Add(_container.Start!);
        foreach (var happened in journal)
        {
            switch (happened)
            {
                case WorkflowEvent.ActivityCompleted completed when completed.ActivityId != "root" && !IsTerminal(completed.ActivityId):
                    Completed(completed.ActivityId, completed.Outcomes);
                    break;
                case WorkflowEvent.ActivityFaulted faulted when !faulted.Followed.IsEmpty:
                    Completed(faulted.ActivityId, [ActivityDescriptor.FailureOutcome]);
                    break;
            }
        }

        // What was scheduled but had no chance to begin because the flow ended is of no interest.
        var begun = journal.OfType<WorkflowEvent.ActivityStarted>().Select(started => started.Execution.ActivityId).ToHashSet();
        var isCut = journal.Any(happened => happened is WorkflowEvent.InstanceFaulted || (happened is WorkflowEvent.ActivityCompleted completed && IsTerminal(completed.ActivityId)));
        return _scheduled.Where(id => !isCut || begun.Contains(id)).Order(StringComparer.Ordinal);
    }

    private bool IsTerminal(string id) => definition.Activities[id].Descriptor!.IsTerminal;

    private void Completed(string id, ImmutableArray<string> outcomes)
    {
        _activities[id] = Visits(id) + 1;
        foreach (var connection in _container.Connections.Where(connection => connection.Source == id))
        {
            _connections[connection] = (_connections.GetValueOrDefault(connection).Visits + 1, outcomes.Contains(connection.Port));
            MaybeSchedule(connection.Target);
        }
    }

    private void MaybeSchedule(string target)
    {
        var inbound = _container.Connections.Where(connection => connection.Target == target).Select(connection => _connections.GetValueOrDefault(connection)).ToList();
        if (inbound.Min(one => one.Visits) <= Visits(target))
        {
            return;
        }

        var most = inbound.Max(one => one.Visits);
        var isAll = Joins.ModeOf(definition.Activities[target]) == JoinMode.WaitAll;
        var followed = inbound.Select(one => one.Visits == most && one.Followed);
        if (isAll ? followed.All(one => one) : followed.Any(one => one))
        {
            _scheduled.Add(target);
        }
        else
        {
            Completed(target, []);
        }
    }

    private int Visits(string id) => _activities.GetValueOrDefault(id);
}
