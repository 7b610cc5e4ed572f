using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>How far an alert is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertState>))]
public enum AlertState
{
    Inactive,

    /// <summary>The condition holds, not yet for long enough.</summary>
    Pending,
    Firing,
}

/// <summary>One label set for which a rule's condition holds, or held until a moment ago.</summary>
/// <param name="Labels">Its identity: the labels of the sample, the group's and the rule's, and <c>alertname</c>.</param>
/// <param name="Source">The labels of the sample behind it, without the metric's name.</param>
/// <param name="ActiveAt">When the condition began to hold, in microseconds since the epoch.</param>
public sealed record Alert(
    [property: JsonConverter(typeof(LabelsConverter))] Labels Labels,
    [property: JsonConverter(typeof(LabelsConverter))] Labels Source,
    AlertState State,
    long ActiveAt)
{
    /// <summary>The value of the last evaluation for which the condition held.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double Value { get; init; }

    /// <summary>Rows that the value was measured on; 0 where that is not known.</summary>
    public int Rows { get; init; }

    /// <summary>Rendered with the last value.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public long? FiredAt { get; init; }

    /// <summary>When the condition stopped to hold, while the alert is kept firing.</summary>
    public long? ReleasedAt { get; init; }

    /// <summary>Measurements in a row for which the condition held.</summary>
    public int Measurements { get; init; }

    /// <summary>Time of the last of them.</summary>
    public long LastMeasured { get; init; }

    /// <summary>It stands for series of which there are none at all.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>What templates may speak of.</summary>
    [JsonIgnore]
    public TemplateData Data => new(Labels, Value);
}

/// <summary>Why an alert changed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransitionReason>))]
public enum TransitionReason
{
    /// <summary>The condition holds, for as long and as many measurements as asked for.</summary>
    Holds,

    /// <summary>The condition does not hold any more.</summary>
    NoLongerHolds,

    /// <summary>The rule's <c>clear</c> holds.</summary>
    Cleared,

    /// <summary>There are no samples to tell by.</summary>
    NoData,

    /// <summary>The rule is not in the group any more.</summary>
    RuleRemoved,
}

/// <summary>A change of an alert's state; the alert is as it is after it, with value, labels and annotations for people.</summary>
public sealed record AlertTransition(string Group, string Rule, Alert Alert, AlertState From, long At, TransitionReason Reason)
{
    public AlertState To => Alert.State;
}
