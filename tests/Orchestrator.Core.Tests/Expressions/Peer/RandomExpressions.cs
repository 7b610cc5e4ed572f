using System.Globalization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>Random expressions over <see cref="RandomSeries"/>: every function, operator and modifier that both versions of Prometheus have.</summary>
/// <remarks>
/// Kept apart, because version 2.42 answers otherwise than version 3 (or not at all), whose own scripts cover it: <c>first_over_time</c>, <c>histogram_fraction</c> of
/// classic histograms, names in quotes, numbers as durations (all of 3.x); <c>atan2</c> of elements with a name, which 2.42 keeps; <c>stddev</c> and <c>stdvar</c> of
/// infinities and NaN, which 2.42 takes for the mean of their group; <c>rate</c> and <c>increase</c> near zero where samples are missing at the start of the range (changed in
/// 2.53). Over a range of instants 2.42 loses samples where <c>predict_linear</c>, <c>quantile_over_time</c> or <c>timestamp</c> read what <c>@</c> fixes. Over a range <c>count_values</c> groups wrongly where its label is not the last of those that it groups by. Parts of dates of what is no number of seconds are kept apart as well: Go's conversion depends on the processor. Of equal values <c>topk</c> and <c>bottomk</c> may choose any.
/// The ranges of subqueries have a quarter of a second and evaluations start at half a second: no border of a subquery lies on one of its steps.
/// </remarks>
internal sealed class RandomExpressions(Random random)
{
    private static readonly string[] Gauges =
    [
        "gauge", "gauge", "gauge{job=\"api\"}", "gauge{zone=\"\"}", "gauge{zone!=\"\"}", "gauge{instance=~\"[01]\"}", "{__name__=\"gauge\",job!~\"a.*\"}", "other", "other", "special", "flat", "seldom", "early", "build_info", "nothing{job=\"x\"}",
        "{__name__=~\"twin_.\"}", "{job=\"api\",__name__=~\"flat|seldom\"}", "twin_a", "twin_b",
    ];

    private static readonly string[] Counters =
    [
        "requests_total", "requests_total{code=\"500\"}", "requests_total{job=\"web\",code!=\"200\"}", "errors_total", "errors_total{instance=~\"0|2\"}", "latency_bucket", "latency_sum", "latency_count",
    ];

    private static readonly string[] Labels = ["job", "instance", "code", "zone", "le", "owner", "kind", "none"];

    private static readonly string[] Arithmetic = ["+", "-", "*", "/", "%", "^"];

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private static readonly string[] OfNumbers =
    [
        "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh", "deg", "rad", "-", "+", "round",
    ];

    private static readonly string[] OfDates = ["minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"];

    private static readonly string[] OfRanges =
    [
        "avg_over_time", "sum_over_time", "count_over_time", "min_over_time", "max_over_time", "stdvar_over_time", "stddev_over_time", "present_over_time", "last_over_time", "absent_over_time", "changes", "resets",
        "delta", "idelta", "irate", "deriv",
    ];

    private static readonly string[] OfGroups = ["sum", "avg", "count", "min", "max", "group"];

    /// <summary>An expression of an instant vector, or now and then of a number.</summary>
    public string Next() => random.Next(12) switch
    {
        0 => Scalar(3),
        1 => $"{Pick("sort", "sort_desc")}({Vector(2)})",
        _ => Vector(1 + random.Next(4)),
    };

    /// <summary>The text with one of its tokens removed, repeated or replaced.</summary>
    public string Broken(string text)
    {
        string[] tokens = ["", "(", ")", "{", "}", "[5m]", "[5m:1m]", "by", "on", "(job)", "bool", "+", "-", "==", "and", "offset", "5m", "@", "1", "\"x\"", ",", "group_left", "sum", "rate", "0x1F", "1e3", "NaN"];
        var at = random.Next(text.Length);
        var length = random.Next(3) == 0 ? 0 : random.Next(1, 6);
        return $"{text[..at]} {Pick(tokens)} {text[Math.Min(text.Length, at + length)..]}";
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];

    private bool Chance(int outOf) => random.Next(outOf) == 0;

    private string Number() => Pick("0", "1", "2", "0.5", "-1", "3", "10", "0.1", "1e3", "-2.5", "7", "100", "Inf", "-Inf", "NaN", "0x10");

    private string Scalar(int depth) => depth == 0 || Chance(2)
        ? Number()
        : random.Next(7) switch
        {
            0 => "time()",
            1 => "pi()",
            2 => $"({Scalar(depth - 1)} {Pick(Comparisons)} bool {Scalar(depth - 1)})",
            3 => $"({Scalar(depth - 1)} {Pick(Arithmetic)} {Scalar(depth - 1)})",
            4 => $"-{Scalar(depth - 1)}",
            _ => $"scalar({Vector(depth - 1)})",
        };

    private string Vector(int depth) => depth <= 0
        ? Selector(Gauges.Concat(Counters))
        : random.Next(16) switch
        {
            0 => Selector(Gauges.Concat(Counters)),
            1 => $"{Pick(OfNumbers)}({Vector(depth - 1)})",
            2 => OfNumberAndVector(depth),
            3 or 4 => OfRange(depth),
            5 => $"{Pick("rate", "increase", "rate", "irate")}({CounterRange()})",
            6 => Chance(4) ? $"{Pick("stddev", "stdvar")}{Grouping()}({Finite(depth)})" : $"(abs({Vector(depth - 1)}) atan2 {Pick(Scalar(1), $"abs({Vector(depth - 1)})")})",
            7 => $"{Pick(OfGroups)}{Grouping()}({Vector(depth - 1)})",
            8 => Choice(depth),
            9 => $"({Vector(depth - 1)} {Pick(Arithmetic)} {Scalar(1)})",
            10 => $"({Scalar(1)} {Pick([.. Arithmetic, .. Comparisons])} {Vector(depth - 1)})",
            11 => $"({Vector(depth - 1)} {Pick(Comparisons)} {Pick("", "bool ")}{Scalar(1)})",
            12 => Matched(depth),
            13 => $"({Vector(depth - 1)} {Pick("and", "or", "unless")} {Pick("", "", $"on({Names()}) ", $"ignoring({Names()}) ")}{Vector(depth - 1)})",
            14 => Labelled(depth),
            _ => Special(depth),
        };

    private string OfNumberAndVector(int depth) => random.Next(7) switch
    {
        0 => $"clamp({Vector(depth - 1)}, {Scalar(1)}, {Scalar(1)})",
        1 => $"clamp_min({Vector(depth - 1)}, {Scalar(1)})",
        2 => $"clamp_max({Vector(depth - 1)}, {Scalar(1)})",
        3 => $"round({Vector(depth - 1)}, {Pick("0.5", "5", "0", "0.125")})",
        5 => $"{Pick(OfDates)}({Finite(depth)} * {Pick("1000000", "-3e7", "1e9")} > -1e16 < 1e16)",
        4 => $"timestamp({Pick([.. Gauges, .. Counters])}{Pick("", "", Offset())})",
        _ => $"{Pick(OfDates)}()",
    };

    private string OfRange(int depth) => random.Next(6) switch
    {
        0 => $"quantile_over_time({Scalar(1)}, {Unfixed()})",
        1 => $"predict_linear({Unfixed()}, {Scalar(1)})",
        _ => $"{Pick(OfRanges)}({Range(depth)})",
    };

    private string Range(int depth) => depth > 1 && Chance(3)
        ? $"{Vector(Math.Min(depth - 1, 2))}[{Pick("5m250ms", "10m250ms", "2m250ms")}:{Pick("", "30s", "15s", "1m")}]{Modifiers()}"
        : $"{Pick([.. Gauges, .. Counters])}[{Length()}]{Modifiers()}";

    private string Unfixed() => $"{Pick([.. Gauges, .. Counters])}[{Length()}]{Pick("", "", Offset())}";

    // Where samples of a counter are missing at the start of a range, versions before 2.53 extrapolate otherwise; so the counters with gaps never come near zero.
    private string CounterRange() => Chance(4)
        ? $"{Pick("requests_total", "sum by (job) (requests_total)", "latency_bucket", "latency_count")}[{Pick("5m250ms", "10m250ms")}:{Pick("", "30s", "15s")}]{Modifiers()}"
        : $"{Pick(Counters)}[{Length()}]{Modifiers()}";

    private string Length() => Pick("1m", "2m", "5m", "10m", "90s", "20s", "4m30s", "1s", "20m");

    private string Selector(IEnumerable<string> metrics) => Pick([.. metrics]) + Modifiers();

    private string Modifiers() => Chance(4) ? Pick(Offset(), At(), $"{At()}{Offset()}", $"{Offset()}{At()}") : "";

    private string Offset() => $" offset {Pick("1m", "5m", "-2m", "10m", "90s", "-20m")}";

    private string At() => Chance(3)
        ? $" @ {Pick("start()", "end()")}"
        : $" @ {((RandomSeries.Start / 1e6) + (60 * random.Next(120, 170)) + 0.5).ToString(CultureInfo.InvariantCulture)}";

    private string Finite(int depth) => $"({Vector(depth - 1)} > -1e300 < 1e300)";

    private string Names() => string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Pick(Labels)).Distinct());

    private string Grouping() => random.Next(3) switch
    {
        0 => "",
        1 => $" by ({Names()}) ",
        _ => $" without ({Names()}) ",
    };

    // Of equal values any may be chosen; so the operands have none.
    private string Choice(int depth) => random.Next(4) switch
    {
        0 => $"{Pick("topk", "bottomk")}{Grouping()}({Pick("0", "1", "2", "3", "100", "-1", "1.9", "NaN", "Inf")}, {Pick("gauge", "gauge{job=\"web\"}", "-gauge", "gauge * 2")})",
        1 => $"count_values{Grouping()}(\"{Pick("zzz", "zone")}\", round({Vector(depth - 1)}, 0.5))",
        2 => $"quantile{Grouping()}({Scalar(1)}, {Vector(depth - 1)})",
        _ => $"histogram_quantile({Pick("0.5", "0.9", "0", "1", "-1", "2", "NaN", "0.25")}, {Buckets()})",
    };

    private string Buckets() => Pick(
        "latency_bucket",
        $"rate(latency_bucket[{Length()}])",
        "sum by (le) (increase(latency_bucket[5m]))",
        "{__name__=~\"latency_bucket|odd_bucket\"}",
        "sum without (job) (latency_bucket)",
        "latency_bucket{le!=\"+Inf\"}",
        "odd_bucket",
        "latency_bucket > 1000",
        "gauge");

    private string Matched(int depth)
    {
        var op = Chance(2) ? Pick(Arithmetic) : Pick(Comparisons) + Pick("", " bool");
        var include = Chance(2) ? "" : $"({Names()})";
        return random.Next(7) switch
        {
            0 => $"(gauge{Modifiers()} {op} on(job, instance) other{Modifiers()})",
            1 => $"(gauge {op} on(job) group_left{include} build_info)",
            2 => $"(build_info {op} on(job) group_right{include} ({Vector(depth - 1)}))",
            3 => $"(requests_total {op} ignoring(code) group_left {Vector(depth - 1)})",
            4 => $"(sum by ({Names()}) ({Vector(depth - 1)}) {op} sum by ({Names()}) ({Vector(depth - 1)}))",
            5 => $"({Vector(depth - 1)} {op} ignoring({Names()}) {Vector(depth - 1)})",
            _ => $"({Vector(depth - 1)} {op} {Vector(depth - 1)})",
        };
    }

    private string Labelled(int depth) => random.Next(3) switch
    {
        0 => $"label_join({Vector(depth - 1)}, \"{Pick("joined", "job", "__name__")}\", \"{Pick("-", "")}\"{Pick("", ", \"job\"", ", \"job\", \"instance\"", ", \"none\"")})",
        1 => $"label_replace({Vector(depth - 1)}, \"{Pick("to", "job", "__name__", "instance")}\", \"{Pick("$1", "x-$1", "${1}y", "", "$$", "$2", "const")}\", \"{Pick("job", "instance", "none", "__name__")}\", \"{Pick("(.*)", "(a).*", "w(.)b", "", "[0-9]+", "(?i)API")}\")",
        _ => $"label_replace({Vector(depth - 1)}, \"to\", \"$name\", \"job\", \"(?P<name>.).*\")",
    };

    private string Special(int depth) => random.Next(5) switch
    {
        0 => $"absent({Pick("nothing{a=\"b\"}", "nothing{a=\"b\",a=\"c\",d!=\"e\"}", "gauge", Vector(depth - 1))})",
        1 => $"absent_over_time({Pick("nothing{a=\"b\"}", "early", "seldom{job=\"api\"}")}[{Length()}]{Modifiers()})",
        2 => $"vector({Scalar(2)})",
        3 => $"({Vector(depth - 1)})",
        _ => $"-{Vector(depth - 1)}",
    };

    /// <summary>The instant of an evaluation, at half a second.</summary>
    public long Instant() => RandomSeries.Start + (120 * RandomSeries.Minute) + (random.Next(0, 55 * 60) * Timestamp.PerSecond) + (Timestamp.PerSecond / 2);
}
