using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Effects;

/// <summary>Does the effects of one kind.</summary>
public interface IEffectHandler
{
    string Kind { get; }

    /// <summary>Does the work outside any transaction; faults of the environment may be thrown and are tried again.</summary>
    Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation);

    /// <summary>What has to follow, in the closing transaction, when the effect is given up after its last attempt.</summary>
    void GiveUp(Transaction transaction, Effect effect, string reason);
}

/// <summary>How an attempt ended.</summary>
public abstract record EffectOutcome
{
    private EffectOutcome()
    {
    }

    /// <summary>Done: the row closes and <paramref name="Apply"/> runs in the same transaction, if the fence still holds.</summary>
    public sealed record Done(string Result, Action<Transaction> Apply) : EffectOutcome;

    /// <summary>Failed; another attempt may help.</summary>
    public sealed record Retry(string Reason) : EffectOutcome;

    /// <summary>Failed, and another attempt would not help before a person has changed something.</summary>
    public sealed record Park(string Reason) : EffectOutcome;
}
