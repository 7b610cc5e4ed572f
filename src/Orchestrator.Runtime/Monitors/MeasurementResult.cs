using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>What one run of a monitor measured.</summary>
/// <param name="Samples">In ordinal order of their labels; a series that could not be measured is absent, and a problem says why.</param>
/// <param name="Problems">What is wrong with the data, at the place of the monitor file that asks for it.</param>
/// <param name="Datasets">What stands behind the numbers.</param>
public sealed record MeasurementResult(
    ImmutableArray<LabelledSample> Samples, ImmutableArray<MeasurementProblem> Problems, ImmutableArray<MeasuredDataset> Datasets)
{
    /// <summary>Edges of segments that were not stored before.</summary>
    public ImmutableDictionary<EdgesKey, ImmutableArray<double>> Edges { get; init; } = ImmutableDictionary<EdgesKey, ImmutableArray<double>>.Empty;
}

/// <summary>The values of one dataset with their intervals, evidence rows, ranked label errors and found segments.</summary>
/// <param name="LabelErrors">Absent where label errors were not measured.</param>
/// <param name="Segments">Significantly worse segments by the metric they were searched with.</param>
public sealed record MeasuredDataset(
    string Name, ImmutableArray<MeasuredValue> Values, LabelErrorReport? LabelErrors, ImmutableSortedDictionary<string, ImmutableArray<SegmentCandidate>> Segments);
