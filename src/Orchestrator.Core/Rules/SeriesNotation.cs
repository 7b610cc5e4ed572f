using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Series as promtool's test files write them: <c>up{job="a"}</c> with values such as <c>0+1x10 _ stale</c>.</summary>
public static partial class SeriesNotation
{
    public const string ValuesAllowed = "allowed: numbers, \"_\", \"stale\", and expansions such as 1x3, 0+1x10, 10-2x4, _x3";

    /// <summary>Most values of one series.</summary>
    public const int MaxValues = 1_000_000;

    [GeneratedRegex(@"^(?<start>[-+]?(?:[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|Inf|NaN))(?:(?<step>[-+](?:[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+))?x(?<times>[0-9]{1,7}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Expansion();

    /// <summary>The labels; none where the text is no series.</summary>
    public static Labels? Labels(string text)
    {
        if (text.Trim() is "" or "{}")
        {
            return Series.Labels.Empty;
        }

        if (ExpressionText.Parse(text).Root is not Expr.Selector { Shift.IsNone: true } selector || selector.Matchers.Any(matcher => matcher.Op != MatchOp.Equal))
        {
            return null;
        }

        var distinct = selector.Matchers.Select(matcher => matcher.Label).Distinct().Count() == selector.Matchers.Length;
        return distinct ? Series.Labels.Of(selector.Matchers.Select(matcher => KeyValuePair.Create(matcher.Label, matcher.Value))) : null;
    }

    /// <summary>One entry a step, null where there is no sample; or the word that is wrong.</summary>
    public static (ImmutableArray<double?> Values, string? Problem) Values(string text)
    {
        var values = ImmutableArray.CreateBuilder<double?>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Expand(word) is not { } expanded || values.Count + expanded.Length > MaxValues)
            {
                return ([], word);
            }

            values.AddRange(expanded);
        }

        return (values.ToImmutable(), null);
    }

    private static double?[]? Expand(string word)
    {
        if (word is "_" or "stale")
        {
            return [word == "_" ? null : Sample.Stale];
        }

        if (word.StartsWith("_x", StringComparison.Ordinal))
        {
            return int.TryParse(word.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var gaps) && gaps <= MaxValues ? new double?[gaps] : null;
        }

        var match = Expansion().Match(word);
        return match.Success && Number(match.Groups["start"].Value) is { } start ? Expand(match, start) : null;
    }

    private static double?[] Expand(Match match, double start)
    {
        var times = match.Groups["times"].Success ? int.Parse(match.Groups["times"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var step = match.Groups["step"].Success ? Number(match.Groups["step"].Value) ?? 0 : 0;
        var values = new double?[Math.Min(times, MaxValues) + 1];
        var value = start;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value;
            value += step;
        }

        return values;
    }

    private static double? Number(string text) => GoFormat.ParseFloat(text);
}
