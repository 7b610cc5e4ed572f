using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics;

/// <summary>A named measurement that monitors can ask for and rules depend on.</summary>
/// <param name="Unit"><c>ratio</c> (0 to 1), <c>rows</c>, <c>seconds</c>, <c>nats</c>, <c>values</c>, <c>score</c>, <c>per second</c> or <c>label</c> (the unit of the labels).</param>
/// <param name="Help">One sentence with the exact definition.</param>
/// <param name="Labels">Labels beside <c>model</c> and <c>dataset</c>.</param>
/// <param name="Needs">Roles that a dataset must give.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit, string Help, ImmutableArray<string> Labels, ImmutableArray<string> Needs)
{
    /// <summary>Stated on any number of rows, as a count is.</summary>
    public bool CountsRows { get; init; }

    /// <summary>What a monitor may say about how it is measured.</summary>
    public ImmutableArray<MetricParameter> Parameters { get; init; } = [];
}
