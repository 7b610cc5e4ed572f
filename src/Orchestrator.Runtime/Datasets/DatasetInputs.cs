using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Where the rows of a monitor's datasets are, and the instant at which they are looked at.</summary>
/// <param name="Model">Absent before a model exists.</param>
/// <param name="Versions">Absolute file of the current version of datasets that are versioned; they are read instead of the connection's files.</param>
public sealed record DatasetInputs(
    MonitorFile Monitor, ModelFile? Model, DatasetSources Sources, ImmutableDictionary<string, string> Versions, DateTimeOffset At)
{
    /// <summary>Absent where no version serves.</summary>
    public ServingChampion? Champion { get; init; }

    /// <summary>Edges of segments that were measured before.</summary>
    public ImmutableDictionary<EdgesKey, ImmutableArray<double>> Edges { get; init; } = ImmutableDictionary<EdgesKey, ImmutableArray<double>>.Empty;
}
