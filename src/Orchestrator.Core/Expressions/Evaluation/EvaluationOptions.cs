using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>What an evaluation takes for granted; the defaults are Prometheus's.</summary>
public sealed record EvaluationOptions
{
    public static EvaluationOptions Default { get; } = new();

    /// <summary>How long an instant selector sees a sample without an end of validity, in microseconds: from after <c>T - Lookback</c> to <c>T</c>.</summary>
    public long Lookback { get; init; } = 300 * Timestamp.PerSecond;

    /// <summary>Step of subqueries that name none, in microseconds.</summary>
    public long DefaultStep { get; init; } = 60 * Timestamp.PerSecond;

    /// <summary>Whether whoever asks has waited for too long; an evaluation that asks this and hears yes fails. Never where none is given.</summary>
    public Func<bool>? IsOver { get; init; }

    /// <summary>Most samples that a range may hold, and most points that a range evaluation may give.</summary>
    public long MostSamples { get; init; } = long.MaxValue;

    /// <summary>Whether functions leave the metric's name to be dropped at the end (an experimental feature of Prometheus).</summary>
    public bool DelayedNameRemoval { get; init; }
}
