using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>Samples of the past from files: tables with one sample a row, promtool's series notation, OpenMetrics.</summary>
public static class History
{
    public const string Allowed = "allowed: NAME.csv, NAME.parquet, NAME.jsonl, NAME.test.yaml, NAME.series, NAME.om, NAME.prom";

    private static readonly string[] MetricColumns = ["__name__", "metric", "name"];

    /// <summary>The samples of a file by what its name ends in; none, with the reason, where there is anything wrong.</summary>
    public static Parsed<List<LabelledSample>> Read(string path)
    {
        if (!File.Exists(path))
        {
            return Wrong(path, 1, "HIST001", $"the file {path} does not exist");
        }

        return Path.GetExtension(path) switch
        {
            ".csv" => Table(path, $"read_csv({Sql.Text(path)}, header = true, all_varchar = true)"),
            ".parquet" => Table(path, $"read_parquet({Sql.Text(path)})"),
            ".jsonl" or ".ndjson" => Table(path, $"read_json({Sql.Text(path)}, format = 'newline_delimited')"),
            ".series" => SeriesFile.Read(path, File.ReadAllText(path)),
            ".om" or ".openmetrics" => MetricsText.Read(path, File.ReadAllLines(path), secondsPerUnit: 1),
            ".prom" => MetricsText.Read(path, File.ReadAllLines(path), secondsPerUnit: 0.001),
            ".yaml" or ".yml" => Tests(path),
            _ => Wrong(path, 1, "HIST001", $"{path} is no history of a known kind", Allowed),
        };
    }

    internal static Parsed<List<LabelledSample>> Wrong(string path, int line, string code, string text, string? allowed = null) =>
        new(null, [new Diagnostic(path, line, 1, code, Severity.Error, text, allowed)]);

    /// <summary>Columns <c>time</c>, <c>value</c> and the metric's name; <c>rows</c> and <c>valid_until</c> where they are there; every other column is a label.</summary>
    private static Parsed<List<LabelledSample>> Table(string path, string source)
    {
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        try
        {
            connection.Run($"create view history as select * from {source}");
            var columns = connection.Query("describe history", reader => reader.GetString(0));
            var metric = MetricColumns.FirstOrDefault(columns.Contains);
            if (metric is null || !columns.Contains("time") || !columns.Contains("value"))
            {
                return Wrong(path, 1, "HIST002", $"the columns are {string.Join(", ", columns)}", "allowed: time, value, metric, and any labels; rows and valid_until where they are known");
            }

            var rows = connection.Query(
                $"select {string.Join(", ", columns.Select(column => $"cast({Sql.Name(column)} as varchar)"))} from history",
                reader => Enumerable.Range(0, columns.Count).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i)).ToArray());
            return Rows(path, columns, metric, rows);
        }
        catch (DuckDB.NET.Data.DuckDBException error)
        {
            return Wrong(path, 1, "HIST001", error.Message.Split('\n')[0]);
        }
    }

    private static Parsed<List<LabelledSample>> Rows(string path, List<string> columns, string metric, List<string[]> rows)
    {
        var samples = new List<LabelledSample>(rows.Count);
        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            string Cell(string column) => columns.IndexOf(column) is var at and >= 0 ? row[at] : "";
            if (Instant(Cell("time")) is not { } time || Number(Cell("value")) is not { } value || Cell(metric).Length == 0)
            {
                return Wrong(path, i + 2, "HIST003", $"row {i + 1} is no sample: time \"{Cell("time")}\", metric \"{Cell(metric)}\", value \"{Cell("value")}\"", "allowed: an instant or Unix seconds, a name, a number");
            }

            var labels = columns.Where(column => column != metric && column is not ("time" or "value" or "rows" or "valid_until")).Select(column => KeyValuePair.Create(column, Cell(column)));
            _ = int.TryParse(Cell("rows"), NumberStyles.None, CultureInfo.InvariantCulture, out var measured);
            samples.Add(new(Labels.Of(labels.Append(new(Labels.NameLabel, Cell(metric)))), new Sample(time, value, Instant(Cell("valid_until")) ?? 0, measured)));
        }

        return new(samples, []);
    }

    /// <summary>The input of a test file that has one test with input.</summary>
    private static Parsed<List<LabelledSample>> Tests(string path)
    {
        var read = RuleTestFile.Read(path, File.ReadAllText(path));
        if (read.Value is not { } file)
        {
            return new(null, read.Diagnostics);
        }

        var tests = file.Tests.Where(test => !test.Input.IsEmpty).ToList();
        return tests is [var test]
            ? new([.. test.Input.SelectMany(series => series.Samples(test.Start, test.Interval))], [])
            : Wrong(path, 1, "HIST004", $"the file has {tests.Count} tests with input", "allowed: one; series of several are not of one history");
    }

    /// <summary>Microseconds since the epoch of an instant, or of Unix seconds; none where the text is neither.</summary>
    internal static long? Instant(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return double.IsFinite(seconds) && Math.Abs(seconds) < 1e11 ? (long)Math.Round(seconds * Timestamp.PerSecond) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant.ToMicros() : null;
    }

    internal static double? Number(string text) => text switch
    {
        "" or "stale" => text.Length == 0 ? null : Sample.Stale,
        "+Inf" or "Inf" or "inf" => double.PositiveInfinity,
        "-Inf" or "-inf" => double.NegativeInfinity,
        "NaN" or "nan" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };
}
