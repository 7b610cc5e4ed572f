namespace Orchestrator.Core.Metrics;

/// <summary>The family of a metric: what monitors may name instead of single metrics.</summary>
public enum MetricKind
{
    Data,
    Drift,
    Model,
    System,
    Joint,
    Segments,
}
