using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>The body of one kind of workflow activity; what it needs, gives and may do is told by its descriptor in the catalogue.</summary>
public interface IActivity
{
    /// <summary>Type name as in workflow definitions, such as <c>Orchestrator.Retrain</c>.</summary>
    string Type { get; }

    /// <summary>Does the work; faults of the environment are exceptions and are retried by the worker, outcomes of the domain are results.</summary>
    Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation);
}

/// <summary>One attempt at one activity.</summary>
/// <param name="Key">Idempotency key: the same for every attempt of the same execution.</param>
/// <param name="InstanceId">Workflow instance that asks.</param>
/// <param name="Inputs">Values by the descriptor's input names (PascalCase).</param>
/// <param name="Folder">Folder of this attempt's own, empty at the start and dropped afterwards.</param>
/// <param name="Now">The domain clock at the start of the attempt.</param>
/// <param name="Progress">Takes one line that says how far the work is.</param>
public sealed record ActivityCall(
    string Key, string InstanceId, ImmutableSortedDictionary<string, JsonElement> Inputs, string Folder, DateTimeOffset Now, Action<string> Progress)
{
    /// <summary>Whether this attempt still holds the work, asked in the transaction that writes what it did.</summary>
    public Func<Transaction, bool> Holds { get; init; } = _ => true;

    /// <summary>A required text input; throws <see cref="ActivityInputException"/> where it is absent.</summary>
    public string Text(string name) =>
        OptionalText(name) ?? throw new ActivityInputException($"the input {name} is missing");

    public string? OptionalText(string name) =>
        Inputs.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public TimeSpan? OptionalSpan(string name) =>
        OptionalText(name) is not { } text ? null
        : TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var span) ? span
        : throw new ActivityInputException($"the input {name} is \"{text}\", which is no time; allowed: [d.]hh:mm:ss");

    public int? OptionalNumber(string name) =>
        Inputs.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    /// <summary>A number from 0 to 1; throws <see cref="ActivityInputException"/> where it is another.</summary>
    public double? OptionalShare(string name)
    {
        double? share = Inputs.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        return share is null or (>= 0 and <= 1) ? share : throw new ActivityInputException($"the input {name} is {value.GetRawText()}; allowed: a share from 0 to 1");
    }
}

/// <summary>An activity cannot run with the inputs that it was given; another attempt would not help.</summary>
public sealed class ActivityInputException(string message) : Exception(message);

/// <summary>How an attempt ended.</summary>
public abstract record ActivityResult
{
    private ActivityResult()
    {
    }

    /// <summary>The work is done; flow goes on through the port named like the outcome.</summary>
    public sealed record Completed(string Outcome, ImmutableSortedDictionary<string, JsonElement> Outputs) : ActivityResult;

    /// <summary>The work goes on outside and ends by resuming the bookmark.</summary>
    public sealed record Waiting(string Bookmark) : ActivityResult
    {
        /// <summary>Asks the outside, in the transaction in which the workflow comes to wait: an answer can never be there before it.</summary>
        public Action<Transaction> Ask { get; init; } = _ => { };
    }

    /// <summary>The work failed; a retryable failure is tried again within the attempt limit.</summary>
    public sealed record Failed(string Message, bool Retryable) : ActivityResult;

    public static Completed Done(string outcome, params ReadOnlySpan<(string Name, object Value)> outputs) => new(outcome, Values.Of(outputs));
}
