using System.Globalization;
using System.Text;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Benchmarks;

/// <summary>How values go from one pass to the next.</summary>
internal enum Change
{
    /// <summary>Each a little away from where it was.</summary>
    Moves,

    /// <summary>Each anew, anywhere between 0 and 1.</summary>
    Jumps,
}

/// <summary>Ten metrics of each segment, and rules over them; the same for every engine.</summary>
internal sealed class RulesWorkload
{
    private const int Metrics = 10;
    private const int SegmentsOfModel = 50;
    private const double Step = 1e-5;

    private readonly Random _random = new(42);
    private readonly double[] _values;
    private readonly bool[] _isStale;
    private readonly Labels[] _labels;

    public RulesWorkload(int rules, int series, bool isMixed)
    {
        (Rules, Segments, IsMixed) = (rules, series / Metrics, isMixed);
        _labels = [.. Enumerable.Range(0, Metrics * Segments).Select(i => Labels.Of(Metric(i / Segments), ("model", Model(i % Segments)), ("segment", $"s{i % Segments:D5}")))];
        _values = [.. _labels.Select(_ => _random.NextDouble())];
        _isStale = [.. _labels.Select((_, i) => isMixed && i % 20 == 7)];
        Conjunctions = [.. Enumerable.Range(0, rules).Select(_ => _random.Next(Metrics)).Select(first => (first, Threshold(), (first + 1 + _random.Next(Metrics - 1)) % Metrics, Threshold()))];
    }

    public int Rules { get; }

    public int Segments { get; }

    public bool IsMixed { get; }

    public (int First, double Above, int Second, double AlsoAbove)[] Conjunctions { get; }

    /// <summary>By metric, then by segment.</summary>
    public ReadOnlySpan<double> Values => _values;

    public string Yaml()
    {
        var text = new StringBuilder("groups:\n  - name: bench\n    interval: 15s\n    rules:\n");
        for (var i = 0; i < Rules; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - alert: R{i}\n        expr: {Expression(i)}\n");
        }

        return text.ToString();
    }

    public RuleGroup Group() => RuleFile.Read("bench.rules.yaml", Yaml()).Value?.Groups[0] ?? throw new InvalidOperationException("the benchmark's rules cannot be read");

    /// <summary>One sample of each series; series that are stale have their marker.</summary>
    public LabelledSample[] Next(long time, Change change = Change.Moves)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = change == Change.Jumps ? _random.NextDouble() : Math.Clamp(_values[i] + ((_random.NextDouble() - 0.5) * Step), 0, 1);
        }

        return [.. _labels.Select((labels, i) => new LabelledSample(labels, new Sample(time, _isStale[i] ? Sample.Stale : _values[i])))];
    }

    /// <summary>A new value of one series.</summary>
    public LabelledSample One(long time)
    {
        var at = _random.Next(_values.Length);
        _values[at] = _random.NextDouble();
        return new LabelledSample(_labels[at], new Sample(time, _values[at]));
    }

    /// <summary>The present values in the text format that Prometheus scrapes; what is stale is left out.</summary>
    public string Exposition()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _labels.Length; i++)
        {
            if (!_isStale[i])
            {
                text.Append(CultureInfo.InvariantCulture, $"{_labels[i].Name}{{model=\"{_labels[i]["model"]}\",segment=\"{_labels[i]["segment"]}\"}} {_values[i]:R}\n");
            }
        }

        return text.ToString();
    }

    private static string Metric(int number) => $"m{number}";

    private static string Model(int segment) => $"model{segment / SegmentsOfModel:D4}";

    private double Threshold() => 0.96 + (_random.NextDouble() * 0.04);

    private string Expression(int rule)
    {
        var (first, above, second, alsoAbove) = Conjunctions[rule];
        var (a, b) = (Metric(first), Metric(second));
        return string.Create(CultureInfo.InvariantCulture, $"{(IsMixed && rule % 2 == 1 ? Mixed(rule / 2 % 6, a, b) : $"{a} > {above:F6} and {b} > {alsoAbove:F6}")}")
            .Replace("THRESHOLD", above.ToString("F6", CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static string Mixed(int kind, string a, string b) => kind switch
    {
        0 => $"avg by (model) ({a}) > THRESHOLD",
        1 => $"max_over_time({a}[1m]) > THRESHOLD and {b} > 0.9",
        2 => $"{a} / on (model) group_left max by (model) ({b}) > THRESHOLD",
        3 => $"count by (model) ({a} > THRESHOLD) > 10",
        4 => $"avg_over_time({a}[1m]) > THRESHOLD",
        _ => $"sum without (segment) ({a}) - sum without (segment) ({b}) > 40",
    };
}
