using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Drift;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions;

/// <summary>The series that rules read against those that monitors measure and rules record.</summary>
internal sealed class ExpressionChecks
{
    /// <summary>Beginnings of names that only monitors give; other names may be received from elsewhere.</summary>
    private static readonly string[] OwnPrefixes = ["data_", "model_", "challenger_", "system_", "joint_", "segment_"];

    /// <summary>Series of the system itself, and of alerts.</summary>
    private static readonly string[] Always =
        [AlertSeries.Alerts, AlertSeries.ForState, "label_queue_tasks", "fix_total", "monitor_last_success_timestamp_seconds", "model_champion_info", "model_champion_age_seconds"];

    private readonly AuthoredFiles _files;
    private readonly List<string> _names;
    private readonly HashSet<string> _measured;
    private readonly List<string> _datasets;
    private readonly List<string> _models;

    private ExpressionChecks(AuthoredFiles files)
    {
        _files = files;
        var recorded = files.Rules.SelectMany(rules => rules.Groups).SelectMany(group => group.Rules).OfType<Rule.Recording>().Select(rule => rule.Name);
        _names = [.. MetricCatalog.All.Select(metric => metric.Name), .. recorded, .. Always];
        _measured = [.. files.Monitors.SelectMany(monitor => monitor.Metrics).SelectMany(metric => MetricCatalog.Named(metric.Name)).Select(metric => metric.Name)];
        _datasets = [.. files.Datasets.Select(dataset => dataset.Name)];
        _models = [.. files.Models.Select(model => model.Name)];
    }

    public static void Run(AuthoredFiles files)
    {
        var checks = new ExpressionChecks(files);
        foreach (var rules in files.Rules)
        {
            for (var i = 0; i < rules.Groups.Length; i++)
            {
                checks.Group(rules, i);
            }
        }
    }

    private void Group(RuleFile rules, int i)
    {
        var group = rules.Groups[i];
        if (group.Model is { } model)
        {
            _files.Expect(model, _models, "model", rules.Source, (rules.Source.At("groups", i, "model"), "RULE101", "model"));
        }

        for (var j = 0; j < group.Rules.Length; j++)
        {
            foreach (var part in RuleParts.Of(rules.Source, ["groups", i, "rules", j]))
            {
                Part(rules.Source, group.Rules[j], part);
            }
        }
    }

    private void Part(YamlFile file, Rule rule, RulePart part)
    {
        foreach (var selector in part.Selectors)
        {
            Selector(file, part, selector);
        }

        foreach (var range in part.Ranges)
        {
            Range(file, rule, part, range);
        }
    }

    private void Selector(YamlFile file, RulePart part, Expr.Selector selector)
    {
        if (selector.Metric is not { } name)
        {
            return;
        }

        var place = file.Within(selector.Span.Offset, part.Path);
        if (!_names.Contains(name))
        {
            Unknown(file, place, name);
        }
        else if (MetricCatalog.Find(name) is { } metric)
        {
            Known(file, place, metric, selector);
        }
    }

    private void Unknown(YamlFile file, Place place, string name)
    {
        var nearest = Nearest.To(name, _names);
        var own = OwnPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        if (own && !_files.Broken.Contains("rules"))
        {
            _files.Error(file, place, "RULE102", $"metric \"{name}\" does not exist", "allowed: a metric of the catalogue, or a series that a rule records", nearest);
        }
        else if (!own && nearest is not null && Nearest.Distance(name, nearest) == 1 && !_files.Broken.Contains("rules"))
        {
            _files.Warning(file, place, "RULE103", $"nothing here gives the series \"{name}\"", "allowed: a metric, a series that a rule records, or one that is received", nearest);
        }
    }

    private void Known(YamlFile file, Place place, Metric metric, Expr.Selector selector)
    {
        if (!_measured.Contains(metric.Name) && !_files.Broken.Contains("monitor"))
        {
            _files.Warning(file, place, "RULE104", $"no monitor measures \"{metric.Name}\"", $"allowed: a metric that a monitor names, {metric.Name} is of the family {metric.Kind.ToString().ToLowerInvariant()}");
        }

        string[] labels = ["dataset", "model", .. metric.Labels];
        foreach (var matcher in selector.Matchers.Where(matcher => matcher.Label != Labels.NameLabel))
        {
            if (!labels.Contains(matcher.Label))
            {
                _files.Error(file, place, "RULE105", $"\"{metric.Name}\" has no label \"{matcher.Label}\"", $"allowed: {string.Join(", ", labels)}", Nearest.To(matcher.Label, labels));
            }
            else if (matcher is { Op: MatchOp.Equal, Value.Length: > 0, Label: "dataset" })
            {
                _files.Expect(matcher.Value, _datasets, "monitor", file, (place, "RULE106", "dataset"));
            }
            else if (matcher is { Op: MatchOp.Equal, Value.Length: > 0, Label: "model" })
            {
                _files.Expect(matcher.Value, _models, "model", file, (place, "RULE101", "model"));
            }
            else if (matcher is { Op: MatchOp.Equal, Value.Length: > 0, Label: "variant" })
            {
                Variant(file, place, (metric, matcher.Value));
            }
        }
    }

    /// <summary>A distance that no monitor measures is a series that never comes.</summary>
    private void Variant(YamlFile file, Place place, (Metric Metric, string Variant) read)
    {
        var monitors = Measuring(read.Metric.Name).ToArray();
        var measured = monitors.Select(monitor => DriftOptions.Of(monitor.ParametersOf([read.Metric]))).SelectMany(options => options.DistancesOf(true).Concat(options.DistancesOf(false))).Distinct().ToArray();
        if (DriftOptions.AreOf(read.Metric) && monitors.Length > 0 && !measured.Contains(read.Variant))
        {
            _files.Warning(file, place, "RULE119", $"no monitor measures the variant \"{read.Variant}\" of \"{read.Metric.Name}\"", $"allowed: {string.Join(", ", measured)}", Nearest.To(read.Variant, measured));
        }
    }

    /// <summary>A range shorter than a monitor's period is empty most of the time, and an alert cannot hold longer than the range.</summary>
    private void Range(YamlFile file, Rule rule, RulePart part, Expr.RangeSelector range)
    {
        if (range.Vector.Metric is not { } name || MetricCatalog.Find(name) is null || Period(name, range.Vector) is not { } period)
        {
            return;
        }

        var span = TimeSpan.FromMicroseconds(range.Range);
        var place = file.Within(range.Span.Offset, part.Path);
        if (span >= period)
        {
            return;
        }

        if (rule is Rule.Alerting alert && alert.For >= span && part.IsCondition)
        {
            _files.Error(file, file.At([.. part.Rule, "for"]), "RULE107", $"\"for: {Duration.Text(alert.For)}\" can never be satisfied: \"{name}\" is measured every {Duration.Text(period)}, so a range of {Duration.Text(span)} holds a sample for {Duration.Text(span)} only", $"allowed: a range of at least {Duration.Text(period)}, or for below {Duration.Text(span)}");
        }
        else
        {
            _files.Warning(file, place, "RULE108", $"\"{name}\" is measured every {Duration.Text(period)}, a range of {Duration.Text(span)} is empty most of the time", $"allowed: a range of at least {Duration.Text(period)}");
        }
    }

    /// <summary>The shortest time between measurements among the monitors that a selector may read.</summary>
    private TimeSpan? Period(string name, Expr.Selector selector)
    {
        bool Allows(string label, string? value) => selector.Matchers.All(matcher => matcher.Label != label || matcher.Matches(value ?? ""));
        var periods = Measuring(name)
            .Where(monitor => Allows("model", monitor.Model) && monitor.Datasets.Any(dataset => Allows("dataset", dataset.Name)))
            .Select(monitor => Period(monitor.Schedule)).ToList();
        return periods.Count == 0 ? null : periods.Min();
    }

    private IEnumerable<MonitorFile> Measuring(string name) =>
        _files.Monitors.Where(monitor => monitor.Metrics.Any(metric => MetricCatalog.Named(metric.Name).Any(measured => measured.Name == name)));

    private static TimeSpan Period(MonitorSchedule schedule)
    {
        var first = schedule.Next(DateTimeOffset.UnixEpoch.AddYears(50));
        return schedule.Next(first) - first;
    }
}
