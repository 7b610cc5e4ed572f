using System.Text.Json.Serialization;

namespace Orchestrator.Runtime.Notifications;

/// <summary>A message to people: what happened in one sentence, what it is about, and what to do next.</summary>
/// <param name="Event">Its kind, as the operator's file names it; <c>message</c> where a workflow or a person sends it.</param>
/// <param name="Text">What happened, in one sentence.</param>
/// <param name="Key">The same for every attempt at the same message.</param>
public sealed record Notification(string Event, string Text, string Key, DateTimeOffset At)
{
    public string Environment { get; init; } = "default";

    public string? Model { get; init; }

    public string? Rule { get; init; }

    public string? Finding { get; init; }

    public string? Fix { get; init; }

    /// <summary>The rows that are to blame.</summary>
    public string? Segment { get; init; }

    /// <summary>The predicted effect.</summary>
    public string? Expects { get; init; }

    /// <summary>What to do next.</summary>
    public string? Next { get; init; }

    public string? Link { get; init; }

    /// <summary>What it is about, by name, in the order in which people read it.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, string Value)> Facts =>
        new[] { ("model", Model), ("rule", Rule), ("finding", Finding), ("fix", Fix), ("segment", Segment), ("expects", Expects), ("next", Next), ("link", Link) }
            .Where(fact => fact.Item2 is not null).Select(fact => (fact.Item1, fact.Item2!));
}
