using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Rules;

/// <summary>A native histogram as promtool's test files write it; rule tests can select one and compare it, and nothing computes with it.</summary>
/// <param name="Fields">Numbers by their name, without those that are 0 and those of <c>buckets</c>.</param>
/// <param name="Hint">What is known of counter resets; empty where nothing is.</param>
public sealed record NativeHistogram(ImmutableSortedDictionary<string, double> Fields, HistogramBuckets Positive, HistogramBuckets Negative, string Hint)
{
    private static readonly string[] Added = ["count", "sum", "z_bucket"];

    /// <summary>The sum of two; none where their buckets do not lie alike.</summary>
    public NativeHistogram? Plus(NativeHistogram other, int sign)
    {
        if (Shape() != other.Shape() || Positive.Plus(other.Positive, sign) is not { } positive || Negative.Plus(other.Negative, sign) is not { } negative)
        {
            return null;
        }

        var fields = Added.Aggregate(Fields, (all, name) => NonZero(all, name, this[name] + (sign * other[name])));
        return new(fields, positive, negative, "");
    }

    /// <summary>Whether counts went back since another, as they do where a counter started anew.</summary>
    public bool IsResetOf(NativeHistogram before) =>
        this["count"] < before["count"] || this["z_bucket"] < before["z_bucket"] || Shape() != before.Shape() || Positive.HasLess(before.Positive) || Negative.HasLess(before.Negative);

    public bool Equals(NativeHistogram? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>promtool's notation, shortest form.</summary>
    public override string ToString()
    {
        var numbers = Fields.Select(field => $"{field.Key}:{GoFormat.General(field.Value)}");
        var hint = Hint.Length == 0 ? [] : new[] { $"counter_reset_hint:{Hint}" };
        return $"{{{{{string.Join(' ', [.. numbers, .. hint, .. Positive.Texts(""), .. Negative.Texts("n_")])}}}}}";
    }

    internal static ImmutableSortedDictionary<string, double> NonZero(ImmutableSortedDictionary<string, double> fields, string name, double value) =>
        value == 0 ? fields.Remove(name) : fields.SetItem(name, value);

    private double this[string name] => Fields.GetValueOrDefault(name);

    private (double Schema, double ZeroWidth) Shape() => (this["schema"], this["z_bucket_w"]);
}

/// <summary>Counts of neighbouring buckets from an offset on, without empty ones at the ends.</summary>
public sealed record HistogramBuckets(int Offset, ImmutableArray<double> Counts)
{
    private const int MaxSpread = 10_000;

    public static HistogramBuckets Of(int offset, IReadOnlyList<double> counts)
    {
        var first = counts.TakeWhile(count => count == 0).Count();
        var kept = counts.Skip(first).Reverse().SkipWhile(count => count == 0).Reverse().ToImmutableArray();
        return kept.IsEmpty ? new(0, []) : new(offset + first, kept);
    }

    /// <summary>The sum; none where the two lie too far apart.</summary>
    public HistogramBuckets? Plus(HistogramBuckets other, int sign)
    {
        var from = Counts.IsEmpty ? other.Offset : other.Counts.IsEmpty ? Offset : Math.Min(Offset, other.Offset);
        var to = Math.Max(Offset + Counts.Length, other.Offset + other.Counts.Length);
        return (long)to - from > MaxSpread ? null : Of(from, [.. Enumerable.Range(from, to - from).Select(at => At(at) + (sign * other.At(at)))]);
    }

    public bool HasLess(HistogramBuckets before) => before.Counts.Select((count, i) => At(before.Offset + i) < count).Contains(true);

    public IEnumerable<string> Texts(string prefix) => Counts.IsEmpty
        ? []
        : [$"{prefix}offset:{Offset.ToString(CultureInfo.InvariantCulture)}", $"{prefix}buckets:[{string.Join(' ', Counts.Select(GoFormat.General))}]"];

    private double At(int at) => at >= Offset && at < Offset + Counts.Length ? Counts[at - Offset] : 0;
}

/// <summary>Reads native histograms: <c>{{schema:1 sum:3 count:2 buckets:[1 1]}}</c>, and series of them such as <c>{{…}}+{{…}}x2</c>.</summary>
internal static partial class HistogramNotation
{
    private static readonly string[] Numbers = ["schema", "sum", "count", "z_bucket", "z_bucket_w", "offset", "n_offset"];
    private static readonly string[] Hints = ["unknown", "reset", "not_reset", "gauge"];

    [GeneratedRegex(@"\s*(?:(?<gap>_)(?:x(?<gaps>[0-9]{1,6}))?|(?<stale>stale)|\{\{(?<start>[^{}]*)\}\}(?:(?:(?<sign>[-+])\{\{(?<step>[^{}]*)\}\})?x(?<times>[0-9]{1,6}))?)(?:\s+|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Item();

    [GeneratedRegex(@"\s*(?<name>[a-z_]+):\s*(?:\[(?<list>[^\]]*)\]|(?<value>[^\s\[\]]+))(?:\s+|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    /// <summary>One entry a step; none where the text is no series of native histograms.</summary>
    public static ImmutableArray<HistogramPoint>? Values(string text)
    {
        var points = ImmutableArray.CreateBuilder<HistogramPoint>();
        var at = 0;
        while (at < text.Length)
        {
            var match = Item().Match(text, at);
            if (!match.Success || match.Index != at || match.Length == 0 || !Add(match, points))
            {
                return null;
            }

            at += match.Length;
        }

        return Hinted(points);
    }

    /// <summary>One histogram between its braces; none where it is none.</summary>
    public static NativeHistogram? One(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith("{{", StringComparison.Ordinal) && trimmed.EndsWith("}}", StringComparison.Ordinal) ? Body(trimmed[2..^2]) : null;
    }

    private static bool Add(Match match, ImmutableArray<HistogramPoint>.Builder points)
    {
        if (match.Groups["stale"].Success || match.Groups["gap"].Success)
        {
            points.AddRange(Enumerable.Repeat(new HistogramPoint(null, match.Groups["stale"].Success), match.Groups["gaps"].Success ? Count(match.Groups["gaps"]) : 1));
            return true;
        }

        var value = Body(match.Groups["start"].Value);
        var step = match.Groups["step"].Success ? Body(match.Groups["step"].Value) : null;
        var times = match.Groups["times"].Success ? Count(match.Groups["times"]) : 0;
        for (var i = 0; i <= times && value is not null; i++)
        {
            points.Add(new(value, false));
            value = step is null ? value : value.Plus(step, match.Groups["sign"].Value == "-" ? -1 : 1);
        }

        return value is not null && (step is not null || !match.Groups["step"].Success);
    }

    /// <summary>What a store knows of each when it reads them: the first is unknown, later ones are resets or not.</summary>
    private static ImmutableArray<HistogramPoint> Hinted(ImmutableArray<HistogramPoint>.Builder points)
    {
        NativeHistogram? before = null;
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Value is not { } value)
            {
                continue;
            }

            var hint = value.Hint == "gauge" ? "gauge" : before is null ? "" : value.IsResetOf(before) ? "reset" : "not_reset";
            before = value;
            points[i] = points[i] with { Value = value with { Hint = hint } };
        }

        return points.ToImmutable();
    }

    private static NativeHistogram? Body(string text)
    {
        var fields = new Dictionary<string, double>(StringComparer.Ordinal);
        var lists = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var hint = "";
        var at = 0;
        while (at < text.Length)
        {
            var match = Field().Match(text, at);
            if (!match.Success || match.Index != at || !Read(match, fields, lists, ref hint))
            {
                return text.AsSpan(at).Trim().IsEmpty ? Made(fields, lists, hint) : null;
            }

            at += match.Length;
        }

        return Made(fields, lists, hint);
    }

    private static bool Read(Match match, Dictionary<string, double> fields, Dictionary<string, double[]> lists, ref string hint)
    {
        var name = match.Groups["name"].Value;
        var value = match.Groups["value"].Value;
        if (name == "counter_reset_hint")
        {
            hint = value == "unknown" ? "" : value;
            return Hints.Contains(value);
        }

        if (name is "buckets" or "n_buckets" && match.Groups["list"].Success)
        {
            var counts = match.Groups["list"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(GoFormat.ParseFloat).ToArray();
            return !counts.Contains(null) && lists.TryAdd(name, [.. counts.OfType<double>()]);
        }

        return Numbers.Contains(name) && GoFormat.ParseFloat(value) is { } number && fields.TryAdd(name, number);
    }

    private static NativeHistogram? Made(Dictionary<string, double> fields, Dictionary<string, double[]> lists, string hint)
    {
        HistogramBuckets? Buckets(string prefix) =>
            fields.GetValueOrDefault(prefix + "offset") is >= -100_000 and <= 100_000 and var offset ? HistogramBuckets.Of((int)offset, lists.GetValueOrDefault(prefix + "buckets", [])) : null;
        var kept = fields.Where(field => !field.Key.EndsWith("offset", StringComparison.Ordinal) && field.Value != 0).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return Buckets("") is { } positive && Buckets("n_") is { } negative ? new(kept, positive, negative, hint) : null;
    }

    private static int Count(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>One step of a series of native histograms: one, a marker of staleness, or nothing.</summary>
public readonly record struct HistogramPoint(NativeHistogram? Value, bool IsStale);
