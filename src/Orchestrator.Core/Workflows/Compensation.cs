namespace Orchestrator.Core.Workflows;

/// <summary>Undoes what an instance did, one at a time, the last first; what can't be undone does not keep the rest from being undone.</summary>
internal static class Compensation
{
    public static void Start(Decision decision, string reason)
    {
        if (decision.State.Status is InstanceStatus.Pending or InstanceStatus.Compensating or InstanceStatus.Compensated)
        {
            return;
        }

        decision.StopAll();
        decision.Happened(new WorkflowEvent.CompensationStarted(decision.At, reason));
        Next(decision);
    }

    public static void Done(Decision decision, string key)
    {
        if (Requested(decision.State, key) is { } step)
        {
            decision.Happened(new WorkflowEvent.ActivityCompensated(decision.At, step.Number));
            Next(decision);
        }
    }

    public static void Failed(Decision decision, string key, string message)
    {
        if (Requested(decision.State, key) is { } step)
        {
            decision.Happened(new WorkflowEvent.ActivityNotCompensated(decision.At, step.Number, message));
            Next(decision);
        }
    }

    private static UndoStep? Requested(InstanceState state, string key) =>
        state.Undo.FirstOrDefault(step => step.Requested && key == ActivityKey.Undo(state.Id, step.Number, state.Round));

    private static void Next(Decision decision)
    {
        var next = decision.State.Undo.LastOrDefault(step => step.Failure is null);
        decision.Happened(next is null
            ? new WorkflowEvent.CompensationEnded(decision.At)
            : new WorkflowEvent.CompensationRequested(decision.At, next.Number));
    }
}
