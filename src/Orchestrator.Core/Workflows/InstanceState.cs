using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>How far an instance is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstanceStatus>))]
public enum InstanceStatus
{
    Pending,
    Running,
    Finished,
    Faulted,
    Cancelled,
    Compensating,
    Compensated,

    /// <summary>Something could not be undone; a further <see cref="WorkflowCommand.Compensate"/> tries it again.</summary>
    CompensationFailed,
}

/// <summary>One execution of one activity, while it lasts.</summary>
/// <param name="Number">Counts the executions of the instance from 1; never used twice.</param>
/// <param name="Parent">The execution of the container it stands in; 0 for the outermost.</param>
/// <param name="Variables">A container's variables, by their ids.</param>
/// <param name="Undoable">Whether it can be compensated.</param>
public sealed record Execution(
    int Number, int Parent, string ActivityId, string Type, ActivityRole Role, ImmutableSortedDictionary<string, JsonElement> Inputs, ImmutableSortedDictionary<string, JsonElement> Variables, bool Undoable)
{
    public string? Bookmark { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>In a container: connections that were taken and whose target has not begun by them.</summary>
    public ImmutableArray<Connection> Arrivals { get; init; } = [];
}

/// <summary>An execution that may have to be undone.</summary>
/// <param name="Outputs">What it answered; empty where it was stopped before.</param>
/// <param name="Requested">Whether undoing it is under way.</param>
/// <param name="Failure">Why undoing it failed in this round; null where it did not.</param>
public sealed record UndoStep(
    int Number, string ActivityId, string Type, ImmutableSortedDictionary<string, JsonElement> Inputs, ImmutableSortedDictionary<string, JsonElement> Outputs, bool Requested = false, string? Failure = null);

/// <summary>A workflow instance: what of it is under way, and what it needs to go on.</summary>
/// <param name="Numbers">How many executions have begun.</param>
/// <param name="Live">Executions that have not ended, by their numbers.</param>
/// <param name="Undo">What can be undone, in the order in which it ended.</param>
/// <param name="Round">How many times compensation was asked for.</param>
/// <param name="Reason">Why it faulted, was cancelled or is compensated.</param>
public sealed record InstanceState(
    string Id,
    InstanceStatus Status,
    int Numbers,
    ImmutableSortedDictionary<string, JsonElement> Inputs,
    ImmutableSortedDictionary<int, Execution> Live,
    ImmutableArray<UndoStep> Undo,
    int Round,
    string? Reason = null)
{
    public static InstanceState Of(string id) =>
        new(id, InstanceStatus.Pending, 0, Values.Empty, ImmutableSortedDictionary<int, Execution>.Empty, [], 0);

    /// <summary>The state after a journal.</summary>
    public static InstanceState Replay(string id, IEnumerable<WorkflowEvent> journal) => journal.Aggregate(Of(id), (state, happened) => state.Evolve(happened));

    public InstanceState Evolve(WorkflowEvent happened) => happened switch
    {
        WorkflowEvent.InstanceStarted started => this with { Status = InstanceStatus.Running, Inputs = started.Inputs },
        WorkflowEvent.ActivityStarted started => Begin(started),
        WorkflowEvent.ActivityCompleted completed => completed.Assigned.Aggregate(Left(completed.Number, completed.Followed, completed.Outputs), Assign),
        WorkflowEvent.ActivityFaulted faulted => Left(faulted.Number, faulted.Followed, null),
        WorkflowEvent.ActivitySuspended suspended => Change(suspended.Number, execution => execution with { Bookmark = suspended.Bookmark }),
        WorkflowEvent.ActivityCancelled cancelled => Left(cancelled.Number, [], Values.Empty),
        WorkflowEvent.TimerSet timer => Change(timer.Number, execution => execution with { DueAt = timer.DueAt }),
        WorkflowEvent.ArrivalsDropped dropped => Change(dropped.Parent, execution => execution with { Arrivals = Without(execution.Arrivals, dropped.Dropped) }),
        WorkflowEvent.InstanceFinished => this with { Status = InstanceStatus.Finished },
        WorkflowEvent.InstanceFaulted faulted => this with { Status = InstanceStatus.Faulted, Reason = faulted.Message },
        WorkflowEvent.InstanceCancelled cancelled => this with { Status = InstanceStatus.Cancelled, Reason = cancelled.Reason },
        WorkflowEvent.CompensationStarted started => this with
        {
            Status = InstanceStatus.Compensating,
            Reason = started.Reason,
            Round = Round + 1,
            Undo = [.. Undo.Select(step => step with { Failure = null })],
        },
        WorkflowEvent.CompensationRequested requested => ChangeUndo(requested.Number, step => step with { Requested = true }),
        WorkflowEvent.ActivityCompensated compensated => this with { Undo = Undo.RemoveAll(step => step.Number == compensated.Number) },
        WorkflowEvent.ActivityNotCompensated failed => ChangeUndo(failed.Number, step => step with { Requested = false, Failure = failed.Message }),
        WorkflowEvent.CompensationEnded => this with { Status = Undo.IsEmpty ? InstanceStatus.Compensated : InstanceStatus.CompensationFailed },
        _ => throw new UnreachableException(),
    };

    private InstanceState Begin(WorkflowEvent.ActivityStarted started)
    {
        var begun = this with { Numbers = started.Execution.Number, Live = Live.SetItem(started.Execution.Number, started.Execution) };
        return started.Consumed.IsEmpty
            ? begun
            : begun.Change(started.Execution.Parent, parent => parent with { Arrivals = Without(parent.Arrivals, started.Consumed) });
    }

    /// <param name="outputs">What it answered; null where it failed and hence changed nothing.</param>
    private InstanceState Left(int number, ImmutableArray<Connection> followed, ImmutableSortedDictionary<string, JsonElement>? outputs)
    {
        if (!Live.TryGetValue(number, out var execution))
        {
            return this;
        }

        var undo = execution.Undoable && outputs is not null
            ? Undo.Add(new UndoStep(number, execution.ActivityId, execution.Type, execution.Inputs, outputs))
            : Undo;
        var left = this with { Live = Live.Remove(number), Undo = undo };
        return followed.IsEmpty ? left : left.Change(execution.Parent, parent => parent with { Arrivals = parent.Arrivals.AddRange(followed) });
    }

    private static InstanceState Assign(InstanceState state, Assignment assignment) => state.Change(
        assignment.Owner, owner => owner with { Variables = owner.Variables.SetItem(assignment.VariableId, assignment.Value) });

    private InstanceState Change(int number, Func<Execution, Execution> change) =>
        Live.TryGetValue(number, out var execution) ? this with { Live = Live.SetItem(number, change(execution)) } : this;

    private InstanceState ChangeUndo(int number, Func<UndoStep, UndoStep> change) =>
        this with { Undo = [.. Undo.Select(step => step.Number == number ? change(step) : step)] };

    private static ImmutableArray<Connection> Without(ImmutableArray<Connection> arrivals, ImmutableArray<Connection> gone) =>
        gone.Aggregate(arrivals, (rest, connection) => rest.Remove(connection));
}
