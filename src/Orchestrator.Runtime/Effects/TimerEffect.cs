using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Effects;

/// <summary>Whom a timer is for.</summary>
public enum TimerTarget
{
    Fix,
    Workflow,
    LabelQueue,
    Reminder,
    Start,
    Elsewhere,
}

/// <summary>Deadlines and delays: effects that are due later and, once due, are handed to what asked for them.</summary>
public sealed class TimerEffect(IReadOnlyDictionary<TimerTarget, Action<Transaction, TimerBody>> targets) : IEffectHandler
{
    public const string KindName = "timer";

    public string Kind => KindName;

    /// <summary>A timer of <paramref name="name"/> for the owner; a second one of the same name is the same timer.</summary>
    public static Effect Ask(TimerTarget target, string owner, string name, DateTimeOffset due) =>
        new(KeyOf(owner, name), KindName, owner, Json.Write(new TimerBody(target, owner, name, due)), due);

    public static string KeyOf(string owner, string name) => $"timer:{owner}:{name}";

    public Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<TimerBody>(attempt.Effect.Body);
        return Task.FromResult<EffectOutcome>(new EffectOutcome.Done("{}", transaction => targets[body.Target](transaction, body)));
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        // A parked timer is shown among the parked work; a person tries it again from there.
    }
}

/// <summary>What a timer says when it fires.</summary>
public sealed record TimerBody(TimerTarget Target, string Owner, string Name, DateTimeOffset Due);
