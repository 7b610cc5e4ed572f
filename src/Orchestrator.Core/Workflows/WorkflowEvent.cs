using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>Something that happened to a workflow instance: its journal, from which its state can be built again.</summary>
[JsonDerivedType(typeof(InstanceStarted), nameof(InstanceStarted))]
[JsonDerivedType(typeof(ActivityStarted), nameof(ActivityStarted))]
[JsonDerivedType(typeof(ActivityCompleted), nameof(ActivityCompleted))]
[JsonDerivedType(typeof(ActivityFaulted), nameof(ActivityFaulted))]
[JsonDerivedType(typeof(ActivitySuspended), nameof(ActivitySuspended))]
[JsonDerivedType(typeof(ActivityCancelled), nameof(ActivityCancelled))]
[JsonDerivedType(typeof(TimerSet), nameof(TimerSet))]
[JsonDerivedType(typeof(ArrivalsDropped), nameof(ArrivalsDropped))]
[JsonDerivedType(typeof(InstanceFinished), nameof(InstanceFinished))]
[JsonDerivedType(typeof(InstanceFaulted), nameof(InstanceFaulted))]
[JsonDerivedType(typeof(InstanceCancelled), nameof(InstanceCancelled))]
[JsonDerivedType(typeof(CompensationStarted), nameof(CompensationStarted))]
[JsonDerivedType(typeof(CompensationRequested), nameof(CompensationRequested))]
[JsonDerivedType(typeof(ActivityCompensated), nameof(ActivityCompensated))]
[JsonDerivedType(typeof(ActivityNotCompensated), nameof(ActivityNotCompensated))]
[JsonDerivedType(typeof(CompensationEnded), nameof(CompensationEnded))]
public abstract record WorkflowEvent
{
    private WorkflowEvent(DateTimeOffset at) => At = at;

    [JsonPropertyOrder(-1)]
    public DateTimeOffset At { get; }

    public sealed record InstanceStarted(DateTimeOffset At, ImmutableSortedDictionary<string, JsonElement> Inputs) : WorkflowEvent(At);

    /// <summary>An execution began.</summary>
    /// <param name="Execution">What began, with its number.</param>
    /// <param name="Consumed">The arrivals that it began by.</param>
    public sealed record ActivityStarted(DateTimeOffset At, Execution Execution, ImmutableArray<Connection> Consumed) : WorkflowEvent(At);

    /// <summary>An execution ended and left by its outcomes.</summary>
    /// <param name="Assigned">Variables that got a value.</param>
    /// <param name="Followed">The connections that are taken.</param>
    public sealed record ActivityCompleted(
        DateTimeOffset At,
        int Number,
        string ActivityId,
        ImmutableArray<string> Outcomes,
        ImmutableSortedDictionary<string, JsonElement> Outputs,
        ImmutableArray<Assignment> Assigned,
        ImmutableArray<Connection> Followed) : WorkflowEvent(At);

    /// <summary>An execution failed; the instance goes on only where connections from its failure outcome are taken.</summary>
    public sealed record ActivityFaulted(
        DateTimeOffset At, int Number, string ActivityId, string Message, ImmutableArray<Connection> Followed) : WorkflowEvent(At);

    public sealed record ActivitySuspended(DateTimeOffset At, int Number, string ActivityId, string Bookmark) : WorkflowEvent(At);

    /// <summary>An execution was stopped; whether it had done something is not known.</summary>
    public sealed record ActivityCancelled(DateTimeOffset At, int Number, string ActivityId) : WorkflowEvent(At);

    public sealed record TimerSet(DateTimeOffset At, int Number, DateTimeOffset DueAt) : WorkflowEvent(At);

    /// <summary>What waited at an activity will not start it: the branches that it waits for can't all come any more.</summary>
    public sealed record ArrivalsDropped(DateTimeOffset At, int Parent, string ActivityId, ImmutableArray<Connection> Dropped) : WorkflowEvent(At);

    public sealed record InstanceFinished(DateTimeOffset At) : WorkflowEvent(At);

    public sealed record InstanceFaulted(DateTimeOffset At, string Message, string? ActivityId = null) : WorkflowEvent(At);

    public sealed record InstanceCancelled(DateTimeOffset At, string Reason) : WorkflowEvent(At);

    public sealed record CompensationStarted(DateTimeOffset At, string Reason) : WorkflowEvent(At);

    /// <summary>One execution is to be undone now.</summary>
    public sealed record CompensationRequested(DateTimeOffset At, int Number) : WorkflowEvent(At);

    public sealed record ActivityCompensated(DateTimeOffset At, int Number) : WorkflowEvent(At);

    public sealed record ActivityNotCompensated(DateTimeOffset At, int Number, string Message) : WorkflowEvent(At);

    /// <summary>Everything that could be undone is undone; what could not stays listed in the state.</summary>
    public sealed record CompensationEnded(DateTimeOffset At) : WorkflowEvent(At);
}

/// <summary>A variable of a running container that got a value.</summary>
public sealed record Assignment(int Owner, string VariableId, JsonElement Value);
