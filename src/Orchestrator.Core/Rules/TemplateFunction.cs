using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A function of templates, as Prometheus documents it.</summary>
internal sealed record TemplateFunction(string Name, int Min, int Max, Func<TemplateArguments, TemplateValue> Call)
{
    public static readonly ImmutableArray<TemplateFunction> All =
    [
        OnNumber("humanize", Humanized.Number),
        OnNumber("humanize1024", Humanized.Number1024),
        OnNumber("humanizeDuration", Humanized.Duration),
        OnNumber("humanizePercentage", value => GoFormat.General(value * 100, 4) + "%"),
        OnNumber("humanizeTimestamp", Humanized.Timestamp),
        new("toTime", 1, 1, arguments => new TemplateValue.Moment(Humanized.Nanos(arguments[0].ToNumber()))),
        new("toDuration", 1, 1, arguments => new TemplateValue.Span((long)(arguments[0].ToNumber() * 1e9))),
        new("parseDuration", 1, 1, arguments => new TemplateValue.Number(ParseDuration(arguments[0].ToText()))),
        new("now", 0, 0, arguments => new TemplateValue.Number(arguments.Run.Data.Now / 1000 / 1e3)),
        new("query", 1, 1, arguments => Query(arguments.Run.Data, arguments[0].ToText())),
        new("first", 1, 1, arguments => arguments[0].ToList().Items is [var first, ..] ? first : throw new TemplateException("first() called on vector with no elements")),
        new("label", 2, 2, arguments => new TemplateValue.Text(arguments[1].ToSample().Labels[arguments[0].ToText()])),
        new("value", 1, 1, arguments => new TemplateValue.Number(arguments[0].ToSample().Value)),
        new("strvalue", 1, 1, arguments => new TemplateValue.Text(arguments[0].ToSample().Labels["__value__"])),
        new("sortByLabel", 2, 2, arguments => SortByLabel(arguments[0].ToText(), arguments[1].ToList())),
        new("args", 0, int.MaxValue, Arguments),
        OnText("title", Title),
        OnText("toUpper", text => text.ToUpperInvariant()),
        OnText("toLower", text => text.ToLowerInvariant()),
        OnText("stripPort", StripPort),
        OnText("stripDomain", StripDomain),
        OnText("safeHtml", text => text),
        OnText("urlQueryEscape", QueryEscape),
        OnText("graphLink", text => $"/graph?g0.expr={QueryEscape(text)}&g0.tab=0"),
        OnText("tableLink", text => $"/graph?g0.expr={QueryEscape(text)}&g0.tab=1"),
        new("externalURL", 0, 0, arguments => new TemplateValue.Text(arguments.Run.Data.ExternalUrl)),
        new("pathPrefix", 0, 0, arguments => new TemplateValue.Text(Uri.TryCreate(arguments.Run.Data.ExternalUrl, UriKind.Absolute, out var url) ? url.AbsolutePath.TrimEnd('/') : "")),
        new("match", 2, 2, arguments => new TemplateValue.Flag(Expression(arguments[0].ToText()).IsMatch(arguments[1].ToText()))),
        new("reReplaceAll", 3, 3, arguments => new TemplateValue.Text(ReplaceAll(arguments[0].ToText(), arguments[1].ToText(), arguments[2].ToText()))),
        new("printf", 1, int.MaxValue, arguments => new TemplateValue.Text(GoPrintf.Format(arguments[0].ToText(), arguments.From(1)))),
        new("print", 0, int.MaxValue, arguments => new TemplateValue.Text(GoPrintf.Print(arguments.From(0)))),
        new("println", 0, int.MaxValue, arguments => new TemplateValue.Text(GoPrintf.Print([.. arguments.From(0).SelectMany((value, i) => i == 0 ? new[] { value } : [new TemplateValue.Text(" "), value])]) + "\n")),
        new("html", 1, int.MaxValue, arguments => new TemplateValue.Text(Html(GoPrintf.Print(arguments.From(0))))),
        new("js", 1, int.MaxValue, arguments => new TemplateValue.Text(JavaScript(GoPrintf.Print(arguments.From(0))))),
        new("urlquery", 1, int.MaxValue, arguments => new TemplateValue.Text(QueryEscape(GoPrintf.Print(arguments.From(0))))),
        .. TemplateLogic.All,
    ];

    public static string Names { get; } = string.Join(", ", All.Select(function => function.Name));

    public static TemplateFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    private static TemplateFunction OnNumber(string name, Func<double, string> call) =>
        new(name, 1, 1, arguments => new TemplateValue.Text(call(arguments[0].ToNumber())));

    private static TemplateFunction OnText(string name, Func<string, string> call) =>
        new(name, 1, 1, arguments => new TemplateValue.Text(call(arguments[0].ToText())));

    private static TemplateValue.List Query(TemplateData data, string expression)
    {
        if (data.Query is not { } query)
        {
            throw new TemplateException("there are no series to query here");
        }

        return new([.. query(expression).Select(sample => (TemplateValue)new TemplateValue.Sample(sample.Labels, sample.Value))]);
    }

    private static TemplateValue.List SortByLabel(string label, TemplateValue.List samples) =>
        new([.. samples.Items.OrderBy(sample => sample.ToSample().Labels[label], StringComparer.Ordinal)]);

    private static TemplateValue.Map Arguments(TemplateArguments arguments) =>
        new(arguments.From(0).Select((value, i) => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"arg{i}"), value)).ToImmutableSortedDictionary(StringComparer.Ordinal), false);

    private static double ParseDuration(string text)
    {
        var negative = text.StartsWith('-');
        var span = Diagnostics.Duration.Parse(negative ? text[1..] : text) ?? throw new TemplateException($"not a valid duration string: \"{text}\"");
        return negative ? -span.TotalSeconds : span.TotalSeconds;
    }

    private static string Title(string text)
    {
        var title = new StringBuilder(text);
        for (var i = 0; i < title.Length; i++)
        {
            var inWord = i > 0 && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] == '_');
            title[i] = inWord ? text[i] : char.ToUpperInvariant(text[i]);
        }

        return title.ToString();
    }

    private static string StripPort(string text)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf("]:", StringComparison.Ordinal) : -1;
        var colon = text.LastIndexOf(':');
        return bracket > 0 ? text[1..bracket] : colon > 0 && text.IndexOf(':', StringComparison.Ordinal) == colon ? text[..colon] : text;
    }

    private static string StripDomain(string text)
    {
        var host = StripPort(text);
        var port = host.Length < text.Length ? text[text.LastIndexOf(':')..] : "";
        var parts = host.Split('.');
        var isAddress = host.Contains(':', StringComparison.Ordinal) || (parts.Length == 4 && parts.All(part => byte.TryParse(part, CultureInfo.InvariantCulture, out _)));
        return isAddress ? text : parts[0] + port;
    }

    private static string QueryEscape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string Html(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static string JavaScript(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '\\' => "\\\\",
                '\'' => "\\'",
                '"' => "\\\"",
                '<' or '>' or '&' or '=' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }

    private static Regex Expression(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"error parsing regexp: {exception.Message}");
        }
    }

    /// <summary>Go's replacement: <c>$name</c> takes the longest name, a group that is not there is empty.</summary>
    private static string ReplaceAll(string pattern, string replacement, string text)
    {
        var references = new Regex(@"\$(\$|\{\w+\}|\w+)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        var length = 0L;
        return Expression(pattern).Replace(text, match =>
        {
            var put = references.Replace(replacement, reference => reference.Value == "$$" ? "$" : match.Groups[reference.Value.Trim('$', '{', '}')].Value);
            TemplateRun.CheckLength(length += put.Length);
            return put;
        });
    }
}
