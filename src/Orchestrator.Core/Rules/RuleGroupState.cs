using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What a group remembers from one evaluation to the next; survives restarts as JSON.</summary>
/// <param name="Rules">By the rule's name and its number among rules of that name, so that a new revision finds its alerts again.</param>
public sealed record RuleGroupState(ImmutableSortedDictionary<string, RuleState> Rules)
{
    public static RuleGroupState Empty { get; } = new(ImmutableSortedDictionary<string, RuleState>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>Alerts of all rules, pending and firing ones.</summary>
    [JsonIgnore]
    public IEnumerable<Alert> Alerts => Rules.Values.SelectMany(rule => rule.Alerts);
}

/// <summary>What one rule remembers.</summary>
/// <param name="Alerts">Pending and firing ones in the order of their labels.</param>
/// <param name="Written">Series that the last evaluation wrote; those that are not written again get a stale marker.</param>
public sealed record RuleState(
    ImmutableArray<Alert> Alerts,
    [property: JsonConverter(typeof(LabelsArrayConverter))] ImmutableArray<Labels> Written,
    RuleHealth Health)
{
    public static RuleState Empty { get; } = new([], [], new(0, null));
}

/// <summary>Whether a rule could be evaluated; apart from what came of it.</summary>
/// <param name="At">The last evaluation, in microseconds since the epoch; 0 before the first.</param>
/// <param name="Error">Why it could not; null where it could.</param>
public sealed record RuleHealth(long At, string? Error)
{
    [JsonIgnore]
    public bool IsError => Error is not null;
}

/// <summary>What one evaluation of a group gave.</summary>
/// <param name="Samples">Series to store: recorded ones, <c>ALERTS</c>, <c>ALERTS_FOR_STATE</c>, and stale markers for those that ended.</param>
/// <param name="Transitions">Alerts that changed state, in the order of rules and labels.</param>
public sealed record GroupEvaluation(RuleGroupState State, ImmutableArray<LabelledSample> Samples, ImmutableArray<AlertTransition> Transitions);
