using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>A workflow came to its end, or to the end of undoing it.</summary>
/// <param name="Fault">Why it did not finish; null where it did.</param>
/// <param name="LeftChanges">Whether it faulted after it had changed something that can be undone.</param>
public sealed record WorkflowEnd(string InstanceId, string? Fault, bool LeftChanges, DateTimeOffset At);

/// <summary>Carries workflow instances forward: state, journal, effects and audit of one command in the caller's transaction.</summary>
public sealed class WorkflowRunner(EffectStore effects)
{
    private readonly ConcurrentDictionary<string, WorkflowDefinition> _compiled = new(StringComparer.Ordinal);

    /// <summary>Whether an execution may be run again where its outcome is not known; as the catalogue says unless somebody knows more.</summary>
    public Func<WorkflowEffect.RunActivity, bool> IsRepeatable { get; init; } = run => ActivityCatalog.Find(run.Type)?.Repetition != Repetition.ParkOnDoubt;

    /// <summary>Raised in the transaction in which an instance ends.</summary>
    public event Action<Transaction, WorkflowEnd>? Ended;

    /// <summary>Raised with the key of an execution that was stopped, in the transaction in which it was.</summary>
    public event Action<Transaction, string>? Stopped;

    /// <summary>Raised in the transaction in which an instance goes on.</summary>
    public event Action<Transaction, StoredInstance>? Changed;

    /// <summary>Starts an instance of exactly this definition; one whose id exists changes nothing.</summary>
    public void Start(
        Transaction transaction, string instanceId, string definition, ImmutableSortedDictionary<string, JsonElement> inputs, DateTimeOffset at)
    {
        var initial = InstanceState.Of(instanceId);
        var instance = new StoredInstance(instanceId, Compile(definition).DefinitionId, definition, initial, Json.Name(initial.Status.ToString()), 0, at, at);
        if (WorkflowStore.Create(transaction, instance))
        {
            Handle(transaction, instanceId, new WorkflowCommand.Start(at, inputs));
        }
    }

    /// <summary>Decides a command; one that is late, unknown or a duplicate changes nothing.</summary>
    public void Handle(Transaction transaction, string instanceId, WorkflowCommand command)
    {
        if (WorkflowStore.Find(transaction.Connection, instanceId) is not { } instance)
        {
            return;
        }

        var events = Decider.Decide(Compile(instance.Definition), instance.State, command);
        if (events.IsEmpty)
        {
            return;
        }

        var state = events.Aggregate(instance.State, (before, happened) => before.Evolve(happened));
        var after = instance with { State = state, Status = Json.Name(state.Status.ToString()), UpdatedAt = command.At };
        WorkflowStore.Save(transaction, after, events);
        Changed?.Invoke(transaction, after);
        foreach (var effect in WorkflowEffects.Of(instance.State, events))
        {
            Ask(transaction, instanceId, effect, command.At);
        }

        if (state.Status != instance.State.Status)
        {
            Tell(transaction, after);
        }
    }

    /// <summary>Hands a due timer to its instance.</summary>
    public void FireTimer(Transaction transaction, TimerBody timer, DateTimeOffset at) =>
        Handle(transaction, timer.Owner, new WorkflowCommand.FireTimer(at, timer.Name));

    private void Ask(Transaction transaction, string instanceId, WorkflowEffect effect, DateTimeOffset now)
    {
        switch (effect)
        {
            case WorkflowEffect.RunActivity run:
                effects.Add(transaction, ActivityEffect.Ask(instanceId, run, now, IsRepeatable(run)), now);
                break;
            case WorkflowEffect.SetTimer timer:
                effects.Add(transaction, TimerEffect.Ask(TimerTarget.Workflow, instanceId, timer.Key, timer.DueAt), now);
                break;
            case WorkflowEffect.Compensate undo:
                effects.Add(transaction, CompensationEffect.Ask(instanceId, undo, now), now);
                break;
            case WorkflowEffect.Withdraw withdraw:
                EffectStore.Cancel(transaction, withdraw.Key, now);
                EffectStore.Cancel(transaction, TimerEffect.KeyOf(instanceId, withdraw.Key), now);
                Stopped?.Invoke(transaction, withdraw.Key);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Audits a change of status and, where it is an end, tells whoever waits for it.</summary>
    private void Tell(Transaction transaction, StoredInstance instance)
    {
        var isFaulted = instance.State.Status == InstanceStatus.Faulted;
        var reason = isFaulted ? FaultOf(transaction, instance) : instance.State.Reason;
        AuditStore.Append(transaction, instance.UpdatedAt, "system", $"workflow.{instance.Status}", instance.Id, new { reason });
        reason ??= "no reason was given";
        string? fault = instance.State.Status switch
        {
            InstanceStatus.Faulted => reason,
            InstanceStatus.Cancelled => $"cancelled: {reason}",
            InstanceStatus.CompensationFailed => string.Join("; ", instance.State.Undo.Select(step => step.Failure).OfType<string>()),
            _ => null,
        };
        if (instance.State.Status is not (InstanceStatus.Pending or InstanceStatus.Running or InstanceStatus.Compensating))
        {
            Ended?.Invoke(transaction, new WorkflowEnd(instance.Id, fault, isFaulted && !instance.State.Undo.IsEmpty, instance.UpdatedAt));
        }
    }

    /// <summary>The reason of a fault, with the failures that led the workflow to where it faulted: a definition's own words cannot know them.</summary>
    private string FaultOf(Transaction transaction, StoredInstance instance)
    {
        var activities = Compile(instance.Definition).Activities;
        var led = WorkflowStore.Events(transaction.Connection, instance.Id).OfType<WorkflowEvent.ActivityFaulted>().Where(failed => !failed.Followed.IsEmpty)
            .Select(failed => $"{activities.GetValueOrDefault(failed.ActivityId)?.DisplayName ?? failed.ActivityId}: {failed.Message}").ToList();
        var reason = instance.State.Reason ?? "no reason was given";
        return led.Count == 0 ? reason : $"{reason} Before: {string.Join("; ", led)}";
    }

    private WorkflowDefinition Compile(string definition) => _compiled.GetOrAdd(definition, static text =>
    {
        var (read, diagnostics) = WorkflowDefinition.Read("plan", text);
        return read is { CanStart: true }
            ? read
            : throw new StorageException($"the stored workflow definition cannot run: {string.Join("; ", diagnostics)}");
    });
}
