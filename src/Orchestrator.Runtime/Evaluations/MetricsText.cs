using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>Samples with their instants in the text format of OpenMetrics, or of Prometheus before it.</summary>
internal static class MetricsText
{
    /// <param name="secondsPerUnit">What a number of the time column is in seconds: 1 in OpenMetrics, 0.001 before.</param>
    public static Parsed<List<LabelledSample>> Read(string path, string[] lines, double secondsPerUnit)
    {
        var samples = new List<LabelledSample>();
        foreach (var (line, number) in lines.Select((line, i) => (line.Trim(), i + 1)).Where(one => one.Item1.Length > 0 && one.Item1[0] != '#'))
        {
            if (Sample(line, secondsPerUnit) is not { } sample)
            {
                return History.Wrong(path, number, "HIST003", $"\"{line}\" is no sample with its instant", "allowed: up{job=\"a\"} 1 1767571200");
            }

            samples.Add(sample);
        }

        return new(samples, []);
    }

    private static LabelledSample? Sample(string line, double secondsPerUnit)
    {
        var end = SeriesFile.EndOfLabels(line);
        var exemplar = end < 0 ? -1 : line.IndexOf(" # ", end, StringComparison.Ordinal);
        var rest = end < 0 ? [] : line[end..(exemplar < 0 ? line.Length : exemplar)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return rest.Length == 2 && SeriesNotation.Labels(line[..end]) is { Name.Length: > 0 } labels && History.Number(rest[0]) is { } value && History.Number(rest[1]) is { } time && double.IsFinite(time)
            ? new(labels, new Sample((long)Math.Round(time * secondsPerUnit * Timestamp.PerSecond), value))
            : null;
    }
}
