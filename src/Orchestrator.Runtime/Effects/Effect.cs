namespace Orchestrator.Runtime.Effects;

/// <summary>Work for the outside, owned by one worker at a time.</summary>
/// <param name="Key">Idempotency key; a second effect of the same key is the same effect.</param>
/// <param name="Kind">Names the handler.</param>
/// <param name="Owner">What asked: a monitor, a fix, a workflow instance, a label queue.</param>
/// <param name="Body">JSON that the handler reads.</param>
/// <param name="DueAt">Not before this instant of the domain clock.</param>
/// <param name="Repeatable">Whether doing it twice counts once; if not, an attempt of unknown outcome is parked for a person.</param>
public sealed record Effect(string Key, string Kind, string Owner, string Body, DateTimeOffset DueAt, bool Repeatable = true);

/// <summary>One attempt at an effect: the claim of one worker, which ends when a later fence is given out.</summary>
/// <param name="Fence">Rises with every claim; only its holder's result counts.</param>
/// <param name="Number">1 for the first attempt.</param>
public sealed record EffectAttempt(Effect Effect, long Fence, int Number);

/// <summary>An effect as lists and the status page show it.</summary>
public sealed record EffectStatus(
    string Key, string Kind, string Owner, string State, DateTimeOffset DueAt, int Attempts, string? Note, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt);
