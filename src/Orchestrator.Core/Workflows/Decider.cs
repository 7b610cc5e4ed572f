using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>Says what follows from a command; total and deterministic, whatever state and command.</summary>
public static class Decider
{
    /// <summary>The events that follow; none where the command is a duplicate, late or unknown.</summary>
    public static ImmutableArray<WorkflowEvent> Decide(WorkflowDefinition definition, InstanceState state, WorkflowCommand command)
    {
        var decision = new Decision(definition, state, command.At);
        if (Stranger(definition, state) is { } stranger && command is not (WorkflowCommand.Cancel or WorkflowCommand.Compensate))
        {
            decision.Fault(stranger.ActivityId, $"the definition is not the one that the instance was started with: it has no {stranger.Type} \"{stranger.ActivityId}\"");
            return decision.Events;
        }

        Take(decision, command);
        return decision.Events;
    }

    private static void Take(Decision decision, WorkflowCommand command)
    {
        switch (command)
        {
            case WorkflowCommand.Start start:
                Start(decision, start.Inputs);
                break;
            case WorkflowCommand.CompleteActivity complete:
                Complete(decision, complete.Key, complete.Outcome, complete.Outputs);
                break;
            case WorkflowCommand.FailActivity fail:
                Fail(decision, fail.Key, fail.Message);
                break;
            case WorkflowCommand.SuspendActivity suspend:
                Suspend(decision, suspend);
                break;
            case WorkflowCommand.ResumeBookmark resume:
                Answer(decision, decision.State.Live.Values.FirstOrDefault(execution => execution.Bookmark == resume.Bookmark), resume.Outcome, resume.Outputs);
                break;
            case WorkflowCommand.FireTimer fire:
                Fire(decision, fire.Key);
                break;
            case WorkflowCommand.Cancel cancel:
                Cancel(decision, cancel.Reason);
                break;
            case WorkflowCommand.Compensate compensate:
                Compensation.Start(decision, compensate.Reason);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static Execution? Stranger(WorkflowDefinition definition, InstanceState state) =>
        state.Live.Values.FirstOrDefault(live => definition.Activities.GetValueOrDefault(live.ActivityId) is not { Descriptor: not null } node || node.Type != live.Type);

    private static void Start(Decision decision, ImmutableSortedDictionary<string, JsonElement> inputs)
    {
        if (decision.State.Status != InstanceStatus.Pending)
        {
            return;
        }

        var bound = WorkflowInputs.Bind(decision.Definition, inputs);
        decision.Happened(new WorkflowEvent.InstanceStarted(decision.At, bound.Values));
        if (!decision.Definition.CanStart)
        {
            decision.Fault(null, $"the definition \"{decision.Definition.DefinitionId}\" can't be started: it has errors");
        }
        else if (!bound.Problems.IsEmpty)
        {
            decision.Fault(null, string.Join("; ", bound.Problems));
        }
        else
        {
            Flow.Begin(decision, decision.Definition.Root!, 0, []);
            Flow.GoOn(decision);
        }
    }

    private static void Complete(Decision decision, string key, string outcome, ImmutableSortedDictionary<string, JsonElement> outputs)
    {
        if (decision.State.Status == InstanceStatus.Compensating)
        {
            Compensation.Done(decision, key);
        }
        else
        {
            Answer(decision, Running(decision.State, key), outcome, outputs);
        }
    }

    private static void Fail(Decision decision, string key, string message)
    {
        if (decision.State.Status == InstanceStatus.Compensating)
        {
            Compensation.Failed(decision, key, message);
        }
        else if (Running(decision.State, key) is { } execution)
        {
            Flow.Fail(decision, execution, message);
            Flow.GoOn(decision);
        }
    }

    private static void Answer(Decision decision, Execution? execution, string outcome, ImmutableSortedDictionary<string, JsonElement> outputs)
    {
        if (execution is null)
        {
            return;
        }

        var allowed = decision.Definition.Activities.GetValueOrDefault(execution.ActivityId)?.Outcomes ?? [];
        if (allowed.Contains(outcome, StringComparer.Ordinal))
        {
            Flow.Complete(decision, execution, [outcome], outputs);
        }
        else
        {
            Flow.Fail(decision, execution, $"the outcome \"{outcome}\" is none of {string.Join(", ", allowed)}");
        }

        Flow.GoOn(decision);
    }

    private static void Suspend(Decision decision, WorkflowCommand.SuspendActivity suspend)
    {
        if (Running(decision.State, suspend.Key) is not { Bookmark: null } execution)
        {
            return;
        }

        decision.Happened(new WorkflowEvent.ActivitySuspended(decision.At, execution.Number, execution.ActivityId, suspend.Bookmark));
        if (ActivityCatalog.Find(execution.Type)?.Expiry is { } expiry && execution.Inputs.TryGetValue(expiry.Input, out var wait))
        {
            decision.Happened(new WorkflowEvent.TimerSet(decision.At, execution.Number, Flow.After(decision.At, wait)));
        }
    }

    private static void Fire(Decision decision, string key)
    {
        var due = decision.State.Live.Values.FirstOrDefault(execution =>
            execution.DueAt is not null && key == ActivityKey.Timer(decision.State.Id, execution.Number));
        var outcome = due is null ? null : ActivityCatalog.Find(due.Type)?.Expiry?.Outcome ?? "Done";
        Answer(decision, due, outcome ?? "", Values.Empty);
    }

    private static void Cancel(Decision decision, string reason)
    {
        if (decision.State.Status is InstanceStatus.Pending or InstanceStatus.Running)
        {
            decision.StopAll();
            decision.Happened(new WorkflowEvent.InstanceCancelled(decision.At, reason));
        }
    }

    /// <summary>The execution with this key that a worker carries out.</summary>
    private static Execution? Running(InstanceState state, string key)
    {
        var number = key.StartsWith(state.Id + "/", StringComparison.Ordinal)
            && int.TryParse(key.AsSpan(state.Id.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        return state.Live.TryGetValue(number, out var execution) && execution.Role == ActivityRole.Effect && key == ActivityKey.Of(state.Id, number)
            ? execution
            : null;
    }
}
