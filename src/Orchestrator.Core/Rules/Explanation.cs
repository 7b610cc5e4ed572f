using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What a part of a condition is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExplanationKind>))]
public enum ExplanationKind
{
    /// <summary>A number; it holds where it is there.</summary>
    Value,

    /// <summary>Two numbers against each other.</summary>
    Comparison,

    /// <summary>Holds where all parts do.</summary>
    All,

    /// <summary>Holds where one part does.</summary>
    Any,

    /// <summary>Holds where its one part does not.</summary>
    None,
}

/// <summary>The change of a comparison's left side that flips it; less of it does not.</summary>
/// <param name="To">What the left side becomes.</param>
public sealed record Flip(double Change, double To);

/// <summary>A part of a condition for one label set: what it gives, whether it holds, and what would flip it.</summary>
/// <param name="Text">PromQL of the part.</param>
/// <param name="Holds">Whether it has a result for the labels.</param>
public sealed record Explanation(ExplanationKind Kind, string Text, [property: JsonConverter(typeof(LabelsConverter))] Labels Labels, bool Holds)
{
    /// <summary>The number, of a comparison that of its left side; absent where there is none.</summary>
    public double? Value { get; init; }

    /// <summary>A comparison's right side.</summary>
    public double? Threshold { get; init; }

    /// <summary>A comparison's operator.</summary>
    public string? Operator { get; init; }

    /// <summary>Absent where it is no comparison, or no finite change flips it.</summary>
    public Flip? Flip { get; init; }

    /// <summary>Rows that the number was measured on; 0 where that is not known.</summary>
    public int Rows { get; init; }

    public ImmutableArray<Explanation> Parts { get; init; } = [];

    /// <summary>The fewest comparisons that together flip the whole, those that need the least change first; none where flips of comparisons cannot do it.</summary>
    public ImmutableArray<Explanation> MinimalFlips() => Flips.Smallest(this);
}

/// <summary>Why a rule holds or does not, for one label set at one instant.</summary>
/// <param name="Labels">Those of the sample that the alert would have.</param>
/// <param name="Minimal">Flipping these and no fewer flips the rule's condition.</param>
public sealed record RuleExplanation(
    string Group, string Rule, DateTimeOffset At, [property: JsonConverter(typeof(LabelsConverter))] Labels Labels, Explanation Root, ImmutableArray<Explanation> Minimal)
{
    /// <summary>Most label sets of a rule that are explained.</summary>
    public const int MaxLabelSets = 100;

    /// <summary>The explanations of a rule for every label set that it looks at and that has the wanted labels.</summary>
    public static RuleExplanations Of(RuleGroup group, Rule rule, SeriesSnapshot snapshot, ExplanationWish wish)
    {
        var explainer = new Explainer(new RuleRun(group, snapshot, wish.At.ToMicros()));
        var root = rule.Expression.Root;
        try
        {
            var meant = explainer.LabelSets(root).Where(labels => wish.Labels.Pairs.All(pair => labels[pair.Key] == pair.Value)).Order().Take(MaxLabelSets);
            return new([.. meant.Select(labels => Of(group, rule, wish.At, explainer.Explain(root, labels)))], null);
        }
        catch (RuleException exception)
        {
            return new([], exception.Message);
        }
    }

    private static RuleExplanation Of(RuleGroup group, Rule rule, DateTimeOffset at, Explanation root) =>
        new(group.Name, rule.Name, at, root.Labels, root, root.MinimalFlips());
}

/// <summary>What is to be explained.</summary>
/// <param name="Labels">Label sets that have all of these.</param>
public sealed record ExplanationWish(DateTimeOffset At, Labels Labels);

/// <summary>The explanations of one rule.</summary>
/// <param name="Error">Why it cannot be evaluated; null where it can.</param>
public sealed record RuleExplanations(ImmutableArray<RuleExplanation> All, string? Error);
