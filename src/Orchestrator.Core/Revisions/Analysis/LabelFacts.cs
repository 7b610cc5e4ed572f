using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What a label of a result can be.</summary>
/// <param name="MayBeAbsent">Some result may be without it.</param>
/// <param name="Values">The values it can have; null where they are not known.</param>
internal sealed record LabelValues(bool MayBeAbsent, ImmutableHashSet<string>? Values)
{
    public static readonly LabelValues Absent = new(true, []);

    public static readonly LabelValues Unknown = new(true, null);

    /// <summary>Always there, with values that are not known.</summary>
    public static readonly LabelValues Some = new(false, null);

    public static LabelValues Of(string value) => value.Length == 0 ? Absent : new(false, [value]);

    public static LabelValues OneOf(IEnumerable<string> values, bool mayBeAbsent) => new(mayBeAbsent, [.. values]);

    public bool IsAbsent => Values is { IsEmpty: true };

    public bool IsImpossible => IsAbsent && !MayBeAbsent;

    /// <summary>One value in every result, absence included.</summary>
    public bool IsPinned => MayBeAbsent ? IsAbsent : Values is { Count: 1 };

    public bool CanEqual(LabelValues other) =>
        (MayBeAbsent && other.MayBeAbsent)
        || (!IsAbsent && !other.IsAbsent && (Values is null || other.Values is null || Values.Overlaps(other.Values)));

    public LabelValues Or(LabelValues other) =>
        new(MayBeAbsent || other.MayBeAbsent, Values is null || other.Values is null ? null : Values.Union(other.Values));

    public LabelValues Narrowed(Matcher matcher)
    {
        ImmutableHashSet<string>? values = matcher.Op == MatchOp.Equal && Values is null ? [.. new[] { matcher.Value }.Where(value => value.Length > 0)] : Values;
        return new(MayBeAbsent && matcher.Matches(""), values is null ? null : [.. values.Where(matcher.Matches)]);
    }

    /// <summary>As a message says it.</summary>
    public string Said(string label) => this switch
    {
        { IsAbsent: true } => $"no label \"{label}\"",
        { Values: { Count: 1 } only, MayBeAbsent: false } => $"{label}=\"{only.Single()}\"",
        { Values: { } some } => $"{label} of {string.Join(", ", some.Order(StringComparer.Ordinal).Take(5))}",
        _ => $"a label \"{label}\"",
    };
}

/// <summary>What is known of the labels of a result.</summary>
/// <param name="IsOpen">There may be labels that are not known.</param>
internal sealed record LabelFacts(bool IsOpen, ImmutableSortedDictionary<string, LabelValues> Known)
{
    private static readonly ImmutableSortedDictionary<string, LabelValues> Nothing = ImmutableSortedDictionary.Create<string, LabelValues>(StringComparer.Ordinal);

    public static readonly LabelFacts Unknown = new(true, Nothing);

    public static readonly LabelFacts None = new(false, Nothing);

    public static LabelFacts Closed(IEnumerable<(string Label, LabelValues Values)> known) =>
        new(false, Nothing.AddRange(known.Select(pair => KeyValuePair.Create(pair.Label, pair.Values))));

    public LabelValues this[string label] => Known.TryGetValue(label, out var values) ? values : IsOpen ? LabelValues.Unknown : LabelValues.Absent;

    public LabelFacts With(string label, LabelValues values) => this with { Known = Known.SetItem(label, values) };

    public LabelFacts Only(IEnumerable<string> labels)
    {
        var kept = labels.Select(label => (label, this[label])).Where(pair => !pair.Item2.IsAbsent);
        return Closed(kept.DistinctBy(pair => pair.label));
    }

    public LabelFacts Without(IEnumerable<string> labels) => labels.Aggregate(this, (facts, label) => facts.With(label, LabelValues.Absent));

    public LabelFacts Or(LabelFacts other)
    {
        var labels = Known.Keys.Union(other.Known.Keys).ToList();
        return new(IsOpen || other.IsOpen, Nothing.AddRange(labels.Select(label => KeyValuePair.Create(label, this[label].Or(other[label])))));
    }

    /// <summary>Labels that some result has, as far as they are known.</summary>
    public IEnumerable<string> Possible => Known.Where(pair => !pair.Value.IsAbsent).Select(pair => pair.Key);
}
