using System.Collections.Frozen;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What is known of the series of a revision: those that monitors measure, and those that its rules record.</summary>
internal sealed class KnownSeries
{
    private static readonly FrozenDictionary<string, Interval> Ranges = new Dictionary<string, Interval>
    {
        ["model_champion_info"] = Interval.Of(1),
        ["model_mae"] = Interval.ZeroOrMore,
        ["model_rmse"] = Interval.ZeroOrMore,
        ["model_mcc"] = Interval.Between(-1, 1),
        ["model_brier"] = Interval.Between(0, 2),
        ["model_r2"] = Interval.Between(double.NegativeInfinity, 1),
        ["joint_correlation"] = Interval.Between(-1, 1),
        ["segment_effect"] = Interval.Between(-1, 1),
        ["system_latency_seconds"] = Interval.Any, // whatever the log says
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly AuthoredFiles _files;
    private readonly ILookup<string, (RuleGroup Group, Rule.Recording Rule)> _recorded;
    private readonly Dictionary<string, Facts> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public KnownSeries(AuthoredFiles files)
    {
        _files = files;
        _recorded = files.Rules.SelectMany(rules => rules.Groups)
            .SelectMany(group => group.Rules.OfType<Rule.Recording>().Select(rule => (group, rule))).ToLookup(pair => pair.rule.Name, StringComparer.Ordinal);
    }

    /// <summary>The range of a metric's values by its definition.</summary>
    public static Interval RangeOf(Metric metric)
    {
        var whole = metric.Name.Replace("_segment_", "_", StringComparison.Ordinal);
        return Ranges.TryGetValue(whole, out var range) ? range : metric.Unit switch
        {
            "ratio" => Interval.Share,
            "rows" or "seconds" or "nats" or "values" or "per second" => Interval.ZeroOrMore,
            _ => Interval.Any,
        };
    }

    public IEnumerable<Rule.Recording> Recording(string name) => _recorded[name].Select(pair => pair.Rule);

    public IEnumerable<MonitorFile> Measuring(string metric) =>
        _files.Monitors.Where(monitor => monitor.Metrics.Any(spec => MetricCatalog.Named(spec.Name).Any(measured => measured.Name == metric)));

    /// <summary>Of all series of a name, whatever their labels.</summary>
    public Facts Of(string name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        // A recording that reads itself, or a broken file that may hold the definition: nothing is known.
        if (_files.Broken.Contains("rules") || !_asked.Add(name))
        {
            return Facts.Unknown;
        }

        var facts = MetricCatalog.Find(name) is { } metric ? Measured(metric) : _recorded.Contains(name) ? Recorded(name) : Facts.Unknown;
        _known[name] = facts;
        return facts;
    }

    private Facts Measured(Metric metric)
    {
        var monitors = Measuring(metric.Name).ToList();
        var isKnown = monitors.Count > 0 && !_files.Broken.Contains("monitor");
        var dataset = isKnown ? LabelValues.OneOf(monitors.SelectMany(monitor => monitor.Datasets).Select(item => item.Name), false) : LabelValues.Some;
        var model = isKnown ? LabelValues.OneOf(monitors.Select(monitor => monitor.Model).OfType<string>(), monitors.Exists(monitor => monitor.Model is null)) : LabelValues.Unknown;
        var labels = metric.Labels.Select(label => (label, LabelValues.Some)).Append(("dataset", dataset)).Append(("model", model));
        return new(RangeOf(metric), LabelFacts.Closed(labels.Where(pair => !pair.Item2.IsAbsent)));
    }

    private Facts Recorded(string name) =>
        _recorded[name].Select(pair => Recorded(pair.Group, pair.Rule)).Aggregate((all, one) => all.Or(one));

    private Facts Recorded(RuleGroup group, Rule.Recording rule)
    {
        var facts = new Inference(this).Of(rule.Expression.Root);
        var labels = group.Labels.Pairs.Concat(rule.Labels.Pairs).Aggregate(facts.Labels, (all, label) => all.With(label.Key, LabelValues.Of(label.Value)));
        return facts with { Labels = labels.Without([Series.Labels.NameLabel]) };
    }
}
