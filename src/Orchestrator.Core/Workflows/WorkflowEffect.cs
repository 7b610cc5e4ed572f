using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>Something that the shell is to do; the key is unique for ever and makes doing it twice harmless.</summary>
[JsonDerivedType(typeof(RunActivity), nameof(RunActivity))]
[JsonDerivedType(typeof(SetTimer), nameof(SetTimer))]
[JsonDerivedType(typeof(Compensate), nameof(Compensate))]
[JsonDerivedType(typeof(Withdraw), nameof(Withdraw))]
public abstract record WorkflowEffect
{
    private WorkflowEffect(string key) => Key = key;

    [JsonPropertyOrder(-1)]
    public string Key { get; }

    /// <summary>Answer by <see cref="WorkflowCommand.CompleteActivity"/>, <see cref="WorkflowCommand.FailActivity"/> or <see cref="WorkflowCommand.SuspendActivity"/>.</summary>
    public sealed record RunActivity(string Key, string ActivityId, string Type, ImmutableSortedDictionary<string, JsonElement> Inputs) : WorkflowEffect(Key);

    /// <summary>Answer by <see cref="WorkflowCommand.FireTimer"/> when the domain clock has reached the time.</summary>
    public sealed record SetTimer(string Key, DateTimeOffset DueAt) : WorkflowEffect(Key);

    /// <summary>Undo what the activity with key <paramref name="Of"/> did.</summary>
    /// <param name="Outputs">What it answered; empty where it was stopped before, so that it may have done nothing.</param>
    public sealed record Compensate(
        string Key, string Of, string ActivityId, string Type, ImmutableSortedDictionary<string, JsonElement> Inputs, ImmutableSortedDictionary<string, JsonElement> Outputs)
        : WorkflowEffect(Key);

    /// <summary>Stop the activity or the timer with this key if it has not ended; its answer no longer counts.</summary>
    public sealed record Withdraw(string Key) : WorkflowEffect(Key);
}
