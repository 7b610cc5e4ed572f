using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>One run of a monitor.</summary>
/// <param name="Inputs">The monitor, its model, where its data is, and the scheduled instant.</param>
/// <param name="Confirmed">By dataset, the rows whose labels people have confirmed.</param>
public sealed record MeasurementRequest(DatasetInputs Inputs, ImmutableDictionary<string, ConfirmedRows> Confirmed)
{
    public AnalyticsOptions Analytics { get; init; } = new();

    public NeighbourOptions Neighbours { get; init; } = new();
}
