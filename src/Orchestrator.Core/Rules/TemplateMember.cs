using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Core.Rules;

/// <summary>What can be said of a value behind a dot: fields of the alert and of samples, keys of maps, methods of instants and durations.</summary>
internal static class TemplateMember
{
    public static TemplateValue Get(TemplateValue of, string name, ImmutableArray<TemplateValue> arguments)
    {
        if (!arguments.IsEmpty && !(of is TemplateValue.Moment && name == "Format"))
        {
            throw new TemplateException($"{name} has arguments but cannot be invoked as function");
        }

        return of switch
        {
            TemplateValue.Root root => OfAlert(root.Data, name),
            TemplateValue.Sample sample => name == "Value" ? new TemplateValue.Number(sample.Value) : name == "Labels" ? TemplateValue.Map.Of(sample.Labels) : throw Missing(of, name),
            TemplateValue.Map map => map[name],
            TemplateValue.Moment moment => OfMoment(moment, name, arguments),
            TemplateValue.Span span => OfSpan(span, name),
            TemplateValue.Absent => throw new TemplateException($"nil data; no entry for key \"{name}\""),
            _ => throw Missing(of, name),
        };
    }

    private static TemplateException Missing(TemplateValue of, string name) => new($"can't evaluate field {name} in type {of.Kind}");

    private static TemplateValue OfAlert(TemplateData data, string name) => name switch
    {
        "Value" => new TemplateValue.Number(data.Value),
        "Labels" => TemplateValue.Map.Of(data.Labels),
        "ExternalLabels" => TemplateValue.Map.Of(data.ExternalLabels),
        "ExternalURL" => new TemplateValue.Text(data.ExternalUrl),
        _ => throw Missing(new TemplateValue.Root(data), name),
    };

    private static TemplateValue OfMoment(TemplateValue.Moment moment, string name, ImmutableArray<TemplateValue> arguments)
    {
        var time = GoTime.Calendar(moment.Nanos);
        return name switch
        {
            "Format" when arguments.Length == 1 => new TemplateValue.Text(GoTime.Format(moment.Nanos, arguments[0].ToText())),
            "UTC" => moment,
            "String" => new TemplateValue.Text(GoTime.Text(moment.Nanos)),
            "Unix" => new TemplateValue.Whole((long)(moment.Nanos / GoTime.PerSecond)),
            "UnixMilli" => new TemplateValue.Whole((long)(moment.Nanos / 1_000_000)),
            "UnixNano" => new TemplateValue.Whole((long)moment.Nanos),
            "Year" => new TemplateValue.Whole(time.Year),
            "Month" => new TemplateValue.Text(time.ToString("MMMM", CultureInfo.InvariantCulture)),
            "Day" => new TemplateValue.Whole(time.Day),
            "Hour" => new TemplateValue.Whole(time.Hour),
            "Minute" => new TemplateValue.Whole(time.Minute),
            "Second" => new TemplateValue.Whole(time.Second),
            "YearDay" => new TemplateValue.Whole(time.DayOfYear),
            "Weekday" => new TemplateValue.Text(time.DayOfWeek.ToString()),
            _ => throw Missing(moment, name),
        };
    }

    private static TemplateValue OfSpan(TemplateValue.Span span, string name) => name switch
    {
        "Hours" => new TemplateValue.Number(span.Nanos / 3.6e12),
        "Minutes" => new TemplateValue.Number(span.Nanos / 6e10),
        "Seconds" => new TemplateValue.Number(span.Nanos / 1e9),
        "Milliseconds" => new TemplateValue.Whole(span.Nanos / 1_000_000),
        "String" => new TemplateValue.Text(GoTime.Span(span.Nanos)),
        _ => throw Missing(span, name),
    };
}
