using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Runtime.Activities;

/// <summary>An activity whose change can be undone.</summary>
public interface ICompensation
{
    string Type { get; }

    /// <summary>Undoes one execution: completed where it is undone, waiting where its end is told to the workflow later. Doing it again changes nothing.</summary>
    Task<ActivityResult> UndoAsync(UndoCall call, CancellationToken cancellation);
}

/// <summary>What is to be undone.</summary>
/// <param name="Key">Idempotency key of the undoing.</param>
/// <param name="Of">Idempotency key of what is undone.</param>
/// <param name="Outputs">What the activity answered; empty where it was stopped before, so that it may have done nothing.</param>
public sealed record UndoCall(
    string Key, string Of, ImmutableSortedDictionary<string, JsonElement> Inputs, ImmutableSortedDictionary<string, JsonElement> Outputs, DateTimeOffset Now)
{
    public string? Input(string name) => Text(Inputs, name);

    public string? Output(string name) => Text(Outputs, name);

    private static string? Text(ImmutableSortedDictionary<string, JsonElement> values, string name) =>
        values.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
