using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>Series in promtool's notation, as its scripts load them: <c>start 2026-01-05T00:00:00Z</c>, <c>load 1m</c>, then a series and its values a line.</summary>
internal static class SeriesFile
{
    public static Parsed<List<LabelledSample>> Read(string path, string text)
    {
        var samples = new List<LabelledSample>();
        var start = DateTimeOffset.UnixEpoch;
        var step = TimeSpan.FromMinutes(1);
        foreach (var (line, number) in text.Split('\n').Select((line, i) => (line.Trim(), i + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("start ", StringComparison.Ordinal) && History.Instant(line[6..].Trim()) is { } instant)
            {
                start = instant.ToInstant();
            }
            else if (line.StartsWith("load ", StringComparison.Ordinal) && Duration.Parse(line[5..].Trim()) is { Ticks: > 0 } period)
            {
                step = period;
            }
            else if (Series(line) is { } series)
            {
                samples.AddRange(series.Samples(start, step));
            }
            else
            {
                return History.Wrong(path, number, "HIST003", $"\"{line}\" is no series with values", "allowed: start INSTANT, load STEP, up{job=\"a\"} 0+1x10 _ stale");
            }
        }

        return new(samples, []);
    }

    private static InputSeries? Series(string line)
    {
        var end = EndOfLabels(line);
        if (end < 0 || SeriesNotation.Labels(line[..end]) is not { Name.Length: > 0 } labels)
        {
            return null;
        }

        var (values, problem) = SeriesNotation.Values(line[end..]);
        return problem is null ? new(labels, values) : null;
    }

    /// <summary>Behind the closing brace, quotes minded, or behind the name where there is none; -1 where it does not end.</summary>
    internal static int EndOfLabels(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var space = line.IndexOfAny([' ', '\t']);
        if (brace < 0 || (space >= 0 && space < brace && line[..brace].Trim().Contains(' ', StringComparison.Ordinal)))
        {
            return space < 0 ? line.Length : space;
        }

        var quoted = false;
        for (var i = brace; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == '}' && !quoted)
            {
                return i + 1;
            }
        }

        return -1;
    }
}
