using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>The metrics that a monitor asks for, families resolved.</summary>
public sealed class WantedMetrics
{
    private readonly ImmutableHashSet<string> _names;
    private readonly ImmutableArray<(MetricSpec Spec, int Index)> _specs;

    private WantedMetrics(ImmutableHashSet<string> names, ImmutableArray<(MetricSpec, int)> specs) => (_names, _specs) = (names, specs);

    public bool Contains(string metric) => _names.Contains(metric);

    public bool ContainsAny(IEnumerable<Metric> metrics) => metrics.Any(metric => Contains(metric.Name));

    /// <summary>What is to be reduced, with the parameters that the monitor gives.</summary>
    public static IEnumerable<Reduction> Reductions(MonitorFile monitor) =>
        MetricCatalog.Reductions.Select(reduction => reduction.With(monitor.ParametersOf(reduction.Metrics)));

    public static WantedMetrics Of(MonitorFile monitor, ImmutableArray<MeasurementProblem>.Builder problems)
    {
        var specs = monitor.Metrics.Select((spec, i) => (spec, i)).ToImmutableArray();
        foreach (var (spec, index) in specs.Where(pair => !pair.spec.IsFamily && MetricCatalog.Find(pair.spec.Name) is null))
        {
            Add(problems, monitor, index, ("DATA015", $"metric \"{spec.Name}\" is not known", $"allowed: {string.Join(", ", MonitorFile.Families)}, or the name of a metric",
                Nearest.To(spec.Name, MetricCatalog.All.Select(metric => metric.Name))));
        }

        return new([.. specs.SelectMany(pair => MetricCatalog.Named(pair.spec.Name)).Select(metric => metric.Name)], specs);
    }

    /// <summary>Tells of entries that no dataset can fill: a family on datasets that each lack a role of it is no mistake, a metric that none can give is one.</summary>
    public void Unfilled(MonitorFile monitor, IReadOnlyCollection<PreparedDataset> datasets, ImmutableArray<MeasurementProblem>.Builder problems)
    {
        foreach (var (spec, index) in _specs)
        {
            var metrics = MetricCatalog.Named(spec.Name);
            var isFilled = metrics.Any(metric => datasets.Any(dataset => metric.Needs.All(dataset.Current.Roles.Contains)));
            if (!metrics.IsEmpty && !isFilled && datasets.Count > 0)
            {
                var missing = metrics.SelectMany(metric => metric.Needs).Distinct().Where(role => datasets.All(dataset => !dataset.Current.Roles.Contains(role))).ToArray();
                var authored = missing.Where(role => !RelationShape.IsDerived(role)).ToArray();
                var roles = string.Join(", ", authored.Length > 0 ? authored : missing);
                Add(problems, monitor, index, ("DATA014", $"no dataset gives what \"{spec.Name}\" needs", $"missing: {(roles.Length > 0 ? roles : "all of its roles in one dataset")}", null));
            }
        }
    }

    private static void Add(ImmutableArray<MeasurementProblem>.Builder problems, MonitorFile monitor, int index, (string Code, string Text, string Allowed, string? Nearest) problem)
    {
        var place = monitor.Source.At("metrics", index);
        problems.Add(new(new(monitor.Source.Path, place.Line, place.Column, problem.Code, Severity.Error, problem.Text, problem.Allowed, problem.Nearest), "", monitor.Metrics[index].Name));
    }
}
