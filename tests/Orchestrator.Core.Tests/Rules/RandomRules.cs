using System.Globalization;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

/// <summary>Rules and samples made up from a seed: series that come and go, stale, late and early samples, NaN, validity and row counts.</summary>
internal sealed class RandomRules(int seed)
{
    private static readonly string[] Functions = ["abs", "ceil", "sqrt", "sgn"];
    private static readonly string[] Aggregations = ["sum", "avg", "min", "max", "count", "group", "stddev"];
    private static readonly string[] Comparisons = [">", ">=", "<", "<=", "==", "!="];
    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "^"];
    private static readonly string[] Matchings = ["", " on (model, seg)", " on (model)", " ignoring (seg)", " ignoring (kind)"];
    private static readonly string[] Numbers = ["0", "1", "2", "3", "0.7", "0.5", "-1", "NaN", "Inf", "-Inf", "-0", "2 - 1"];
    private static readonly string[] Columns = ["a", "b", "c", "d", "a", "b", "c", "a{seg=\"s1\"}", "b{model!=\"m0\"}", "c{seg=~\"s[123]\"}", "r:0"];
    private static readonly string[] Selectors =
        ["a", "b", "c", "d", "a", "b", "a{seg=\"s1\"}", "b{model!=\"m0\"}", "{__name__=~\"a|b\"}", "a offset 1m", "r:0", "ALERTS", "ALERTS{alertstate=\"firing\"}", "nothing"];

    private readonly Random _random = new(seed);
    private readonly List<Labels> _series = [];
    private readonly int _segments = new Random(seed).Next(8) == 0 ? 70 : 4;
    private long _now = 3600 * Timestamp.PerSecond;

    public long Now => _now;

    /// <summary>One group or two, whose rules are compiled together.</summary>
    public string Yaml() => $"groups:\n{Group("g", "r")}{(_random.Next(2) == 0 ? "" : Group("h", "q"))}";

    private string Group(string name, string recorded)
    {
        var rules = Enumerable.Range(0, 1 + _random.Next(6)).Select(i => Rule(i, recorded));
        var settings = $"{(_random.Next(4) == 0 ? ", lookback: 90s" : "")}{(_random.Next(6) == 0 ? ", query_offset: 1m" : "")}{(_random.Next(8) == 0 ? ", limit: 3" : "")}{(_random.Next(8) == 0 ? ", model: m1" : "")}";
        return $"  - {{name: {name}, interval: 1m{settings}, rules: [\n    {string.Join(",\n    ", rules)}]}}\n";
    }

    /// <summary>The samples of one batch, of which there are few, some or many.</summary>
    public List<LabelledSample> Batch()
    {
        var count = _random.Next(4) switch { 0 => 0, 1 => 1, 2 => 3, _ => Math.Min(_segments * 5, 100) };
        return [.. Enumerable.Range(0, count).Select(_ => new LabelledSample(Series(), Sample()))];
    }

    /// <summary>Time goes on, or stays.</summary>
    public void Tick() => _now += _random.Next(6) == 0 ? 0 : _random.Next(1, 130) * Timestamp.PerSecond;

    public bool Sometimes(int oneIn) => _random.Next(oneIn) == 0;

    private string Rule(int index, string recorded)
    {
        var expression = $"'{(_random.Next(2) == 0 ? Comparison(3) : Vector(3))}'";
        if (_random.Next(4) == 0)
        {
            return $"{{record: '{recorded}:{index}', expr: {expression}, labels: {{kind: k}}}}";
        }

        var parts = new List<string> { $"alert: A{index % 3}", $"expr: {expression}" };
        Maybe(parts, 3, $"for: {_random.Next(1, 4)}m");
        Maybe(parts, 3, $"keep_firing_for: {_random.Next(1, 4)}m");
        Maybe(parts, 3, "labels: {severity: '{{ $labels.seg }}!'}");
        Maybe(parts, 8, "labels: {seg: x}");
        Maybe(parts, 8, "labels: {model: '{{ $labels.seg }}'}");
        Maybe(parts, 8, "labels: {at: '{{ $value }}'}");
        Maybe(parts, 3, "annotations: {summary: '{{ $labels.model }} {{ $value }}'}");
        Maybe(parts, 5, "min_rows: 100");
        Maybe(parts, 8, "measurements: 2");
        Maybe(parts, 8, _random.Next(2) == 0 ? "no_data: keep" : "no_data: fire");
        Maybe(parts, 8, "clear: a < 1");
        return $"{{{string.Join(", ", parts.DistinctBy(part => part[..part.IndexOf(':', StringComparison.Ordinal)]))}}}";
    }

    private void Maybe(List<string> parts, int oneIn, string part)
    {
        if (_random.Next(oneIn) == 0)
        {
            parts.Add(part);
        }
    }

    private string Vector(int depth)
    {
        if (depth == 0)
        {
            return Of(Selectors);
        }

        return _random.Next(12) switch
        {
            0 or 1 or 2 => $"{Vector(0)} {Of(Comparisons)} {Of(Numbers)}",
            3 or 4 => $"({Vector(depth - 1)}) {Set()} ({Vector(depth - 1)})",
            5 => $"({Vector(depth - 1)}) {Of(Operators)}{Of(Matchings)} ({Vector(depth - 1)})",
            6 => $"({Vector(depth - 1)}) {Of(Comparisons)}{(_random.Next(3) == 0 ? " bool" : "")} on (model) group_{(_random.Next(2) == 0 ? "left" : "right")} () ({Vector(depth - 1)})",
            7 => $"{Of(Aggregations)} {(_random.Next(3) == 0 ? "" : _random.Next(2) == 0 ? "by (model)" : "without (seg)")} ({Vector(depth - 1)})",
            8 => $"{Of(Functions)}({Vector(depth - 1)})",
            9 => $"({Vector(depth - 1)}) {Of(Operators)} {Of(Numbers)}",
            10 => Of(["max_over_time(a[3m])", "rate(b[4m])", "topk(2, c)", "-b", "2 < a", "absent(d)", "a == bool 1", "scalar(d) > 0", "time() - timestamp(a)", "vector(1)", "avg_over_time(a[2m:30s])", "quantile(0.5, a)", "b > scalar(d)"]),
            _ => $"({Vector(depth - 1)}) {Of(Comparisons)} {Of(Numbers)}",
        };
    }

    /// <summary>Comparisons of single series with numbers, and what set operators make of them.</summary>
    private string Comparison(int depth) => _random.Next(depth == 0 ? 5 : 12) switch
    {
        0 => Of(Columns),
        1 or 2 => $"{Of(Columns)} {Of(Comparisons)} {Of(Numbers)}",
        3 => $"{Of(Numbers)} {Of(Comparisons)} {Of(Columns)}",
        4 => $"{Of(Columns)} {Of(Comparisons)} {_random.Next(4)}",
        5 or 6 or 7 => $"({Comparison(depth - 1)}) and ({Comparison(depth - 1)})",
        8 => $"({Comparison(depth - 1)}) or ({Comparison(depth - 1)})",
        9 or 10 => $"({Comparison(depth - 1)}) unless ({Comparison(depth - 1)})",
        _ => $"({Comparison(depth - 1)}) {Of(Comparisons)} {Of(Numbers)}",
    };

    private string Set() => $"{Of(["and", "or", "unless"])}{Of(Matchings)}";

    private string Of(string[] choices) => choices[_random.Next(choices.Length)];

    private Labels Series()
    {
        if (_series.Count > 0 && _random.Next(_segments > 4 ? 2 : 6) != 0)
        {
            return _series[_random.Next(_series.Count)];
        }

        var name = Of(["a", "b", "c", "d"]);
        var (model, seg) = ($"m{_random.Next(2)}", $"s{_random.Next(_segments)}");
        var made = name == "d" ? Labels.Of(name, ("model", model)) : Labels.Of(name, ("model", model), ("seg", seg));
        _series.Add(made);
        return made;
    }

    private Sample Sample()
    {
        var time = _now + (_random.Next(8) switch { 0 => 60, 1 => -200, 2 => -30, _ => 0 } * Timestamp.PerSecond);
        var value = _random.Next(16) switch { 0 => Core.Series.Sample.Stale, 1 => double.NaN, 2 => _random.Next(2) == 0 ? double.PositiveInfinity : double.NegativeInfinity, 3 => -1, 4 => 0.1, 5 => 0.7, _ => _random.Next(4) };
        var until = _random.Next(3) == 0 ? time + (_random.Next(1, 400) * Timestamp.PerSecond) : 0;
        return new Sample(time, value, until, _random.Next(3) switch { 0 => 50, 1 => 200, _ => 0 });
    }

    /// <summary>Everything an evaluation gave, numbers by their bits; NaN is one number.</summary>
    public static string Text(GroupEvaluation evaluation)
    {
        var samples = evaluation.Samples.Select(one => $"{one.Labels} {Bits(one.Sample.Value)} {one.Sample.Time} {one.Sample.ValidUntil} {one.Sample.Rows}");
        var transitions = evaluation.Transitions.Select(one => $"{one.Group} {one.Rule} {one.From} -> {Text(one.Alert)} {one.At} {one.Reason}");
        var rules = evaluation.State.Rules.Select(pair =>
            $"{pair.Key} {pair.Value.Health}\n  {string.Join("\n  ", pair.Value.Alerts.Select(Text))}\n  {string.Join(' ', pair.Value.Written)}");
        return $"samples\n{string.Join('\n', samples)}\ntransitions\n{string.Join('\n', transitions)}\nstate\n{string.Join('\n', rules)}";
    }

    private static string Text(Alert alert) => string.Create(CultureInfo.InvariantCulture,
        $"{alert.Labels} of {alert.Source} {alert.State} since {alert.ActiveAt} value {Bits(alert.Value)} rows {alert.Rows} fired {alert.FiredAt} released {alert.ReleasedAt} {alert.Measurements} {alert.LastMeasured} {alert.IsAbsent} {string.Join(';', alert.Annotations)}");

    private static string Bits(double value) => double.IsNaN(value) && BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(Core.Series.Sample.Stale)
        ? "NaN"
        : BitConverter.DoubleToInt64Bits(value).ToString("x", CultureInfo.InvariantCulture);
}
