using System.Collections.Immutable;

namespace Orchestrator.Core.Workflows;

/// <summary>One decision while it is made: the events so far and the state that they lead to.</summary>
internal sealed class Decision(WorkflowDefinition definition, InstanceState state, DateTimeOffset at)
{
    private readonly int _numbersBefore = state.Numbers;
    private readonly ImmutableArray<WorkflowEvent>.Builder _events = ImmutableArray.CreateBuilder<WorkflowEvent>();

    public WorkflowDefinition Definition { get; } = definition;

    public DateTimeOffset At { get; } = at;

    public InstanceState State { get; private set; } = state;

    public ImmutableArray<WorkflowEvent> Events => _events.ToImmutable();

    /// <summary>How many executions this decision began.</summary>
    public int Begun => State.Numbers - _numbersBefore;

    public void Happened(WorkflowEvent happened)
    {
        _events.Add(happened);
        State = State.Evolve(happened);
    }

    /// <summary>Stops an execution and all within it, the innermost first.</summary>
    public void Stop(Execution execution)
    {
        foreach (var within in State.Live.Values.Where(live => live.Parent == execution.Number).Reverse().ToList())
        {
            Stop(within);
        }

        Happened(new WorkflowEvent.ActivityCancelled(At, execution.Number, execution.ActivityId));
    }

    public void StopAll() => StopWithin(0);

    /// <summary>Stops all that runs within a container, but not the container itself.</summary>
    public void StopWithin(int parent)
    {
        foreach (var execution in State.Live.Values.Where(live => live.Parent == parent).Reverse().ToList())
        {
            Stop(execution);
        }
    }

    /// <summary>Ends the instance as faulted; what still runs is stopped.</summary>
    public void Fault(string? activityId, string message)
    {
        StopAll();
        Happened(new WorkflowEvent.InstanceFaulted(At, message, activityId));
    }
}
