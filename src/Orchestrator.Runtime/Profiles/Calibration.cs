using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Profiles;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Profiles;

/// <summary>What the metrics do on parts of the reference itself: the first half trains a model that is asked the second, part by part, through production code.</summary>
internal static class Calibration
{
    private const double LeastAccuracyDrop = 0.02;
    private const double LeastDrift = 0.25;
    private const double LeastMissing = 0.02;
    private const double LeastSegmentDrop = 0.05;
    private const int LeastSegmentRows = 30;

    /// <summary>People's labels are seldom right throughout; from one wrong in twenty on, somebody should look.</summary>
    private const double ManyWrongLabels = 0.05;

    /// <param name="folder">Holds the files of the rehearsal.</param>
    public static async Task<Thresholds> RunAsync(FirstFiles files, string folder, CancellationToken cancellation)
    {
        using var silent = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.None));
        var setup = StorySetup.Read(Path.Combine(folder, $"{files.Name}.scenario.yaml"));
        using var node = await Node.OpenAsync(setup.Options(Path.Combine(folder, "workspace"), silent), cancellation).ConfigureAwait(false);
        if (node.Revisions.Current is null)
        {
            var problems = (await node.Revisions.SyncAsync(cancellation).ConfigureAwait(false)).Diagnostics;
            throw new ProfileException($"the files of {files.Name} do not pass their own check: {string.Join('\n', problems)}");
        }

        await new Story(node, new StoryWorld(node, setup), (_, _) => { }).RehearseAsync(cancellation).ConfigureAwait(false);
        return Of(files, node.Samples.Snapshot());
    }

    private static Thresholds Of(FirstFiles files, SeriesSnapshot samples)
    {
        double[] Production(string metric) => Highest(samples, metric, $"{files.Name}-production");
        var errors = Production("model_mae");
        var quality = errors.Length > 0 ? Threshold.Above(errors, errors.Average() / 4) : Threshold.Below(Production("model_accuracy"), LeastAccuracyDrop);
        var wrong = Highest(samples, "data_label_error_ratio", $"{files.Name}-train");
        return new(
            quality,
            Threshold.BeyondHighest(Production("data_feature_drift"), LeastDrift),
            Threshold.Above(Production("data_feature_missing_ratio"), LeastMissing),
            wrong.Length == 0 ? null : new Threshold(ManyWrongLabels, FormattableString.Invariant($"of the reference {100 * wrong[0]:0.#} % look wrong; from one in twenty on, somebody should look")) { Usual = "" })
        {
            Segments = Segments(files, samples),
        };
    }

    /// <summary>Of segments that had rows enough on half of the parts.</summary>
    private static ImmutableArray<(string, Threshold)> Segments(FirstFiles files, SeriesSnapshot samples)
    {
        var found = ImmutableArray.CreateBuilder<(string, Threshold)>();
        foreach (var series in samples.Select([Matcher.Of("__name__", MatchOp.Regex, "model_segment_(mae|accuracy)"), Matcher.Of("dataset", MatchOp.Equal, $"{files.Name}-production")]))
        {
            Sample[] parts = [.. series.Samples.Where(sample => double.IsFinite(sample.Value) && sample.Rows >= LeastSegmentRows)];
            double[] values = [.. parts.Select(sample => sample.Value)];
            var threshold = 2 * parts.Length < files.Rows.Parts
                ? null
                : series.Labels.Name == "model_segment_mae" ? Threshold.Above(values, values.Average() / 3) : Threshold.BelowChance(values, parts.Average(sample => sample.Rows), LeastSegmentDrop);
            if (threshold is not null)
            {
                found.Add((series.Labels["segment"], threshold));
            }
        }

        return found.ToImmutable();
    }

    /// <summary>By instant, the highest value of the metric's series; of drift, stability indices alone.</summary>
    private static double[] Highest(SeriesSnapshot samples, string metric, string dataset)
    {
        var peaks = new SortedDictionary<long, double>();
        foreach (var series in samples.Select([Matcher.Of("__name__", MatchOp.Equal, metric), Matcher.Of("dataset", MatchOp.Equal, dataset), Matcher.Of("variant", MatchOp.Regex, "|psi_.*")]))
        {
            foreach (var sample in series.Samples.Where(sample => double.IsFinite(sample.Value)))
            {
                peaks[sample.Time] = Math.Max(sample.Value, peaks.GetValueOrDefault(sample.Time, double.NegativeInfinity));
            }
        }

        return [.. peaks.Values];
    }
}
