using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Drift;
using Orchestrator.Core.Metrics.Joint;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Metrics;

/// <summary>Every metric that monitors can measure; rules depend on these names.</summary>
public static class MetricCatalog
{
    public static readonly ImmutableArray<Reduction> Reductions =
    [
        new RowCounts(), new Freshness(), new FeatureCells(), new Duplicates(), new ClassShares(), new Confusions(), new ProbabilityScores(), new Calibration(), new Discrimination(),
        new RegressionErrors(), new RowsSinceTraining(), new Latencies(), new Requests(), new RequestErrors(), new FeatureDrift(), new PredictionDrift(), new ScoreDrift(), new LabelDrift(),
        new JointCorrelations(),
    ];

    public static readonly ImmutableArray<Metric> All =
        [.. Reductions.SelectMany(reduction => reduction.Metrics), .. DomainClassifier.Metrics, .. LabelErrorMetrics.Metrics, .. SegmentMetrics.Metrics, .. ServingChampion.Metrics];

    private static readonly ImmutableDictionary<string, Metric> ByName = All.ToImmutableDictionary(metric => metric.Name);

    public static Metric? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The metrics that a monitor's entry stands for: a family, or a single name; empty for a name that nothing measures.</summary>
    public static ImmutableArray<Metric> Named(string familyOrMetric)
    {
        if (Find(familyOrMetric) is { } single)
        {
            return [single];
        }

        return [.. All.Where(metric => string.Equals(metric.Kind.ToString(), familyOrMetric, StringComparison.OrdinalIgnoreCase))];
    }
}
