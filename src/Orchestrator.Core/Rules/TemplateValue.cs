using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A value while a template is rendered.</summary>
internal abstract record TemplateValue
{
    private TemplateValue()
    {
    }

    public sealed record Number(double Value) : TemplateValue;

    /// <summary>A whole number written in the template, or a count.</summary>
    public sealed record Whole(long Value) : TemplateValue;

    public sealed record Text(string Value) : TemplateValue;

    public sealed record Flag(bool Value) : TemplateValue;

    /// <summary>Values by key; what a map of texts does not hold is an empty text, what another does not hold is absent.</summary>
    public sealed record Map(ImmutableSortedDictionary<string, TemplateValue> Entries, bool OfTexts) : TemplateValue
    {
        public static Map Of(Labels labels) =>
            new(labels.Pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => (TemplateValue)new Text(pair.Value), StringComparer.Ordinal), true);

        public TemplateValue this[string key] => Entries.TryGetValue(key, out var value) ? value : OfTexts ? new Text("") : new Absent();
    }

    public sealed record List(ImmutableArray<TemplateValue> Items) : TemplateValue;

    /// <summary>One element of what <c>query</c> gives.</summary>
    public sealed record Sample(Labels Labels, double Value) : TemplateValue;

    /// <summary>What the template is rendered for.</summary>
    public sealed record Root(TemplateData Data) : TemplateValue;

    /// <summary>An instant, in nanoseconds since the epoch.</summary>
    public sealed record Moment(Int128 Nanos) : TemplateValue;

    /// <summary>A duration in nanoseconds.</summary>
    public sealed record Span(long Nanos) : TemplateValue;

    /// <summary>No value at all.</summary>
    public sealed record Absent : TemplateValue;

    /// <summary>The type as Go calls it.</summary>
    public string Kind => this switch
    {
        Number => "float64",
        Whole => "int",
        Text => "string",
        Flag => "bool",
        Map => "map",
        List => "slice",
        Sample => "sample",
        Root => "struct",
        Moment => "time.Time",
        Span => "time.Duration",
        Absent => "nil",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether it counts as true: it is not empty, and not zero.</summary>
    public bool IsTrue => this switch
    {
        Number number => number.Value != 0,
        Whole whole => whole.Value != 0,
        Text text => text.Value.Length > 0,
        Flag flag => flag.Value,
        Map map => map.Entries.Count > 0,
        List list => !list.Items.IsEmpty,
        Span span => span.Nanos != 0,
        Sample or Root or Moment => true,
        Absent => false,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>As Prometheus's functions take it: a number, or a text that is one.</summary>
    public double ToNumber() => this switch
    {
        Number number => number.Value,
        Whole whole => whole.Value,
        Span span => span.Nanos / 1e9,
        Text text when GoFormat.ParseFloat(text.Value) is { } parsed => parsed,
        Text text => throw new TemplateException($"strconv.ParseFloat: parsing \"{text.Value}\": invalid syntax"),
        _ => throw new TemplateException($"a {Kind} is no number"),
    };

    public string ToText() => this is Text text ? text.Value : throw new TemplateException($"{GoFormat.Print(this)} is no text");

    public Sample ToSample() => this as Sample ?? throw new TemplateException($"a {Kind} is no sample of a query");

    public List ToList() => this as List ?? throw new TemplateException($"a {Kind} is no result of a query");
}
