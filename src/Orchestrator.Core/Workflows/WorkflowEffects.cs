using System.Collections.Immutable;

namespace Orchestrator.Core.Workflows;

/// <summary>What the shell is to do because of some events.</summary>
public static class WorkflowEffects
{
    /// <summary>The effects of one decision, in the order of its events.</summary>
    /// <param name="before">The state that the decision was made on.</param>
    /// <param name="events">What was decided.</param>
    public static ImmutableArray<WorkflowEffect> Of(InstanceState before, ImmutableArray<WorkflowEvent> events)
    {
        var effects = ImmutableArray.CreateBuilder<WorkflowEffect>();
        var state = before;
        var gone = events.Select(Ended).ToHashSet();
        foreach (var happened in events)
        {
            effects.AddRange(Of(before, state, happened, gone));
            state = state.Evolve(happened);
        }

        return effects.ToImmutable();
    }

    /// <summary>The execution that an event ends; 0 where it ends none.</summary>
    private static int Ended(WorkflowEvent happened) => happened switch
    {
        WorkflowEvent.ActivityCompleted completed => completed.Number,
        WorkflowEvent.ActivityFaulted faulted => faulted.Number,
        WorkflowEvent.ActivityCancelled cancelled => cancelled.Number,
        _ => 0,
    };

    private static IEnumerable<WorkflowEffect> Of(InstanceState before, InstanceState state, WorkflowEvent happened, HashSet<int> gone) => happened switch
    {
        // What began and ended within one decision was never seen outside.
        WorkflowEvent.ActivityStarted { Execution: { Role: ActivityRole.Effect } begun } when !gone.Contains(begun.Number) =>
            [new WorkflowEffect.RunActivity(ActivityKey.Of(state.Id, begun.Number), begun.ActivityId, begun.Type, begun.Inputs)],
        WorkflowEvent.TimerSet timer when !gone.Contains(timer.Number) =>
            [new WorkflowEffect.SetTimer(ActivityKey.Timer(state.Id, timer.Number), timer.DueAt)],
        WorkflowEvent.ActivityCancelled cancelled => Withdrawn(before, cancelled.Number, andRun: true),
        WorkflowEvent.ActivityCompleted completed => Withdrawn(before, completed.Number, andRun: false),
        WorkflowEvent.ActivityFaulted faulted => Withdrawn(before, faulted.Number, andRun: false),
        WorkflowEvent.CompensationRequested requested => [.. state.Undo.Where(step => step.Number == requested.Number).Select(step => Undo(state, step))],
        _ => [],
    };

    private static IEnumerable<WorkflowEffect> Withdrawn(InstanceState before, int number, bool andRun)
    {
        if (!before.Live.TryGetValue(number, out var execution))
        {
            yield break;
        }

        if (andRun && execution.Role == ActivityRole.Effect)
        {
            yield return new WorkflowEffect.Withdraw(ActivityKey.Of(before.Id, number));
        }

        if (execution.DueAt is not null && (andRun || execution.Role != ActivityRole.Timer))
        {
            yield return new WorkflowEffect.Withdraw(ActivityKey.Timer(before.Id, number));
        }
    }

    private static WorkflowEffect.Compensate Undo(InstanceState state, UndoStep step) => new(
        ActivityKey.Undo(state.Id, step.Number, state.Round), ActivityKey.Of(state.Id, step.Number), step.ActivityId, step.Type, step.Inputs, step.Outputs);
}
