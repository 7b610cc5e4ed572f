using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Runs a monitor given as text on the files of a folder.</summary>
internal static class Measured
{
    public static readonly DateTimeOffset At = new(2026, 1, 6, 0, 0, 0, TimeSpan.Zero);

    public static MeasurementResult Run(string folder, string monitor, string? model = null, int threads = 2, DateTimeOffset? at = null) =>
        Measurement.Run(Request(folder, monitor, model, at) with { Analytics = new(threads) });

    public static MeasurementRequest Request(string folder, string monitor, string? model = null, DateTimeOffset? at = null)
    {
        var read = MonitorFile.Read("test.monitor.yaml", monitor);
        Assert.Empty(read.Diagnostics);
        var task = model is null ? null : ModelFile.Read("test.model.yaml", model);
        Assert.Empty(task?.Diagnostics ?? []);
        var folders = ImmutableDictionary<string, string>.Empty.Add("data", folder);
        return new(new(read.Value!, task?.Value, new(folders), ImmutableDictionary<string, string>.Empty, at ?? At), ImmutableDictionary<string, ConfirmedRows>.Empty);
    }

    /// <summary>The value of the one series with the metric and these labels; null where there is none.</summary>
    public static double? Value(this MeasurementResult result, string metric, params (string Name, string Value)[] labels)
    {
        var found = result.Samples.Where(sample => sample.Labels.Name == metric && labels.All(label => sample.Labels[label.Name] == label.Value)).ToArray();
        Assert.True(found.Length <= 1, $"{found.Length} series of {metric} match");
        return found.Length == 0 ? null : found[0].Sample.Value;
    }

    public static IEnumerable<string> Shown(this MeasurementResult result) => result.Problems.Select(problem => problem.Diagnostic.ToString());
}
