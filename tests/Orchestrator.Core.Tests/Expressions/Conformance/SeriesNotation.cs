using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Syntax;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Conformance;

/// <summary>A series with its values in Prometheus's expanding notation: <c>a{b="c"} 1+2x10 _ stale</c>; an omitted value is none.</summary>
/// <param name="Excluded">Why the values cannot be read, if they cannot.</param>
internal sealed partial record SeriesNotation(Labels Labels, IReadOnlyList<double?> Values, string? Excluded)
{
    private const string StartTimes = "experimental: series with start timestamps";

    public static SeriesNotation Parse(string line)
    {
        var end = EndOfMetric(line);
        var values = line[end..].Trim();
        var metric = line[..end];
        var excluded = metric.EndsWith("@st", StringComparison.Ordinal) ? StartTimes
            : values.Contains("{{", StringComparison.Ordinal) ? "series with native histograms" : null;
        var labels = ParseLabels(excluded == StartTimes ? metric[..^3] : metric);
        return new SeriesNotation(labels, excluded is null ? [.. Blank().Split(values).SelectMany(Expand)] : [], excluded);
    }

    public static double Number(string text) => text.ToUpperInvariant().TrimStart('+') switch
    {
        "INF" => double.PositiveInfinity,
        "-INF" => double.NegativeInfinity,
        "NAN" => double.NaN,
        "STALE" => Sample.Stale,
        var number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    public static Labels ParseLabels(string metric)
    {
        var (root, errors) = Parser.Parse(metric.Trim());
        Assert.Empty(errors);
        return Labels.Of(Assert.IsType<Expr.Selector>(root).Matchers.Select(matcher => KeyValuePair.Create(matcher.Label, matcher.Value)));
    }

    private static int EndOfMetric(string line)
    {
        var quote = '\0';
        var inBraces = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else
            {
                inBraces = c == '{' || (inBraces && c != '}');
                if (!inBraces && char.IsWhiteSpace(c))
                {
                    return i;
                }
            }
        }

        return line.Length;
    }

    private static IEnumerable<double?> Expand(string item)
    {
        var match = Item().Match(item);
        Assert.True(match.Success, $"values: {item}");
        var times = match.Groups["times"].Success ? int.Parse(match.Groups["times"].Value, CultureInfo.InvariantCulture) : -1;
        if (match.Groups["value"].Value == "_")
        {
            return Enumerable.Repeat<double?>(null, Math.Abs(times));
        }

        var first = Number(match.Groups["value"].Value);
        var step = match.Groups["step"].Success ? Number(match.Groups["step"].Value) : 0;
        var values = new List<double?> { first };
        for (var i = 0; i < times; i++)
        {
            values.Add(match.Groups["step"].Success ? values[^1] + step : first);
        }

        return values;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"^(?<value>_|stale|[+-]?(?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))(?<step>[+-](?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))?(?:x(?<times>\d+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Item();
}
