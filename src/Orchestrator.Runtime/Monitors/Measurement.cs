using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Measures all metrics of a monitor at an instant; the same rows give the same numbers, whatever their order and the number of threads.</summary>
public static class Measurement
{
    public static MeasurementResult Run(MeasurementRequest request)
    {
        var problems = ImmutableArray.CreateBuilder<MeasurementProblem>();
        var wanted = WantedMetrics.Of(request.Inputs.Monitor, problems);
        using var connection = Analytics.Open(request.Analytics);
        var reading = new DatasetReading(connection, request.Inputs, problems);
        var alone = request.Inputs.Monitor.Datasets.Select(reading.Prepare).OfType<PreparedDataset>().ToDictionary(dataset => dataset.Spec.Name);
        var prepared = alone.Values.Select(dataset => dataset.Against(dataset.Spec.Reference is { } name ? alone.GetValueOrDefault(name) : null)).ToArray();
        wanted.Unfilled(request.Inputs.Monitor, prepared, problems);
        var measured = prepared.Select(dataset => new DatasetMeasurement(connection, request, dataset, problems).Run(wanted)).ToImmutableArray();
        return new([.. Samples(request.Inputs, measured, wanted)], problems.ToImmutable(), measured) { Edges = reading.MadeEdges };
    }

    private static IEnumerable<LabelledSample> Samples(DatasetInputs inputs, ImmutableArray<MeasuredDataset> measured, WantedMetrics wanted)
    {
        var time = inputs.At.ToMicros();
        var validUntil = inputs.Monitor.Schedule.ValidUntil(inputs.At).ToMicros();
        var ofModel = inputs.Champion?.Close(inputs.At).Where(value => wanted.Contains(value.Metric)) ?? [];
        return measured
            .SelectMany(dataset => dataset.Values.Select(value => (Dataset: dataset.Name, Value: value)))
            .Concat(ofModel.Select(value => (Dataset: "", Value: value)))
            .Select(pair => new LabelledSample(
                LabelsOf(inputs.Monitor, pair.Dataset, pair.Value), new(time, pair.Value.Value, validUntil, (int)Math.Min(pair.Value.Rows, int.MaxValue))))
            .OrderBy(sample => sample.Labels);
    }

    private static Labels LabelsOf(MonitorFile monitor, string dataset, MeasuredValue value) =>
        Labels.Of(value.Metric, [("dataset", dataset), ("model", monitor.Model ?? ""), .. value.Labels]);
}
