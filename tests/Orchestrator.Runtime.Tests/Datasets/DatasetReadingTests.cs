using System.IO.Compression;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.Datasets;

public sealed class DatasetReadingTests
{
    private const string Csv = "id,label,x\n007,1,0.5\n008,0,1.5\n009,1,\n";
    private const string Json = """
        {"id": "007", "label": "1", "x": 0.5}
        {"id": "008", "label": "0", "x": 1.5}
        {"id": "009", "label": "1", "x": null}
        """;

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.csv.gz")]
    [InlineData("rows.jsonl")]
    [InlineData("rows.jsonl.gz")]
    [InlineData("rows.parquet")]
    public void Every_format_holds_the_same_rows(string file)
    {
        using var folder = new TempFolder();
        Write(folder, file);

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 1d
            datasets: {rows: {connection: data, path: FILE, split: train, roles: {id: id, label: label}}}
            metrics: [data]
            min_rows: 1
            """.Replace("FILE", file, StringComparison.Ordinal));

        Assert.Empty(result.Problems);
        Assert.Equal(3, result.Value("data_rows"));
        Assert.Equal(1 / 3.0, result.Value("data_missing_ratio")!.Value, 1e-15);
        Assert.Equal(2, result.Value("data_feature_distinct", ("feature", "x")));
        Assert.Equal(2 / 3.0, result.Value("data_class_share", ("class", "1"))!.Value, 1e-15);
        Assert.All(result.Samples, sample => Assert.Equal("rows", sample.Labels["dataset"]));
    }

    [Fact]
    public void A_pattern_reads_all_its_files_and_ids_keep_their_zeros()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["parts"]);
        File.WriteAllText(folder["parts/a.csv"], "id,label,x\n007,a,1\n");
        File.WriteAllText(folder["parts/b.csv"], "x,label,id\n2.5,b,7\n");

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 1d
            datasets: {rows: {connection: data, path: "parts/*.csv", split: train, roles: {id: id, label: label}}}
            metrics: [data]
            min_rows: 1
            """);

        // "007" and "7" are two ids: nothing is a duplicate.
        Assert.Empty(result.Problems);
        Assert.Equal(2, result.Value("data_rows"));
    }

    /// <summary>At 06 Jan 00:00 with a window of 12 h and labels that take 6 h: rows count after 05 Jan 12:00, their labels for rows after 05 Jan 06:00 until 18:00.</summary>
    [Fact]
    public void The_window_is_left_open_and_labels_have_their_time_to_arrive()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.csv"], """
            id,served_at,guess,ms
            old,2026-01-05T06:00:00Z,a,1
            a,2026-01-05T06:00:01Z,a,10
            b,2026-01-05T12:00:00Z,a,20
            c,2026-01-05T18:00:00Z,b,30
            d,2026-01-05T18:00:01Z,b,40
            e,2026-01-06T00:00:00Z,b,50
            future,2026-01-06T00:00:01Z,b,60
            """);
        File.WriteAllText(folder["labels.csv"], """
            id,truth,labelled_at
            old,b,2026-01-05T12:00:00Z
            a,b,2026-01-05T12:00:00Z
            a,a,2026-01-05T13:00:00Z
            b,b,2026-01-05T18:00:00Z
            c,b,2026-01-06T00:00:00Z
            c,a,2026-01-06T00:00:01Z
            d,a,2026-01-05T23:00:00Z
            """);

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 6h
            datasets:
              rows:
                {connection: data, path: rows.csv, split: production, window: 12h, roles: {id: id, time: served_at, prediction: guess, latency: {column: ms, unit: ms}},
                 labels: {path: labels.csv, join: id, label: truth, time: labelled_at, delay: 6h}}
            metrics: [data_rows, model_accuracy, model_class_recall, system]
            min_rows: 1
            """);

        // Current: c, d, e. Matured: a (its newest label says a), b, c (the label of a second later is not known yet).
        Assert.Empty(result.Problems);
        Assert.Equal(3, result.Value("data_rows"));
        Assert.Equal(2 / 3.0, result.Value("model_accuracy")!.Value, 1e-15);
        Assert.Equal(0.5, result.Value("model_class_recall", ("class", "b"))!.Value, 1e-15);
        Assert.Equal(0.04, result.Value("system_latency_seconds", ("quantile", "0.5"))!.Value, 1e-15);
        var accuracy = result.Samples.Single(sample => sample.Labels.Name == "model_accuracy").Sample;
        Assert.Equal(3, accuracy.Rows);
        Assert.Equal(TimeSpan.FromHours(12).TotalMicroseconds, accuracy.ValidUntil - accuracy.Time);
    }

    [Fact]
    public void Labels_that_have_not_come_yet_leave_the_rest_measured()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.csv"], "id,guess\na,x\nb,y\n");

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 6h
            datasets:
              rows: {connection: data, path: rows.csv, split: production, roles: {id: id, prediction: guess}, labels: {path: labels.csv, join: id, label: truth, delay: 6h}}
            segments: [{name: truth, by: truth}]
            metrics: [data_rows, model]
            min_rows: 1
            """);

        Assert.Equal(2, result.Value("data_rows"));
        Assert.All(result.Problems, problem => Assert.Equal(Core.Diagnostics.Severity.Warning, problem.Diagnostic.Severity));
        Assert.Contains(result.Shown(), shown => shown.Contains("DATA001 rows: no file matches \"labels.csv\": there are no labels yet", StringComparison.Ordinal));
    }

    [Fact]
    public void Quartiles_take_their_edges_from_the_reference()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["train.csv"], "id,label,x\n" + string.Join('\n', Enumerable.Range(0, 101).Select(i => $"t{i},a,{i}")));
        File.WriteAllText(folder["live.csv"], "id,label,guess,x\n1,a,a,25\n2,a,a,26\n3,a,a,1000\n4,a,a,\n");

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 6h
            datasets:
              train: {connection: data, path: train.csv, split: train, roles: {id: id, label: label}}
              live: {connection: data, path: live.csv, split: production, reference: train, roles: {id: id, label: label, prediction: guess}}
            segments: [{name: size, by: quartiles(x)}]
            metrics: [model_segment_accuracy]
            min_rows: 1
            """);

        // Edges 25, 50 and 75; the row without a number is in no segment.
        Assert.Equal(["size = 'q1'", "size = 'q2'", "size = 'q4'"], result.Samples.Select(sample => sample.Labels["segment"]));
    }

    [Fact]
    public void Paths_stay_inside_of_their_folder()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.csv"], Csv);

        Assert.IsType<SourceFiles.Found>(SourceFiles.Find(folder.Path, "a.csv"));
        Assert.IsType<SourceFiles.Missing>(SourceFiles.Find(folder.Path, "b.csv"));
        Assert.IsType<SourceFiles.Outside>(SourceFiles.Find(folder.Path, "../a.csv"));
        Assert.IsType<SourceFiles.Outside>(SourceFiles.Find(folder.Path, "/etc/passwd"));
        Assert.IsType<SourceFiles.Outside>(SourceFiles.Find(folder.Path, "x/../../a.csv"));
    }

    private static void Write(TempFolder folder, string file)
    {
        if (file.EndsWith(".parquet", StringComparison.Ordinal))
        {
            File.WriteAllText(folder["source.csv"], Csv);
            using var connection = Analytics.Open(new());
            connection.Run($"copy (select * from read_csv('{folder["source.csv"]}', types = {{'id': 'varchar', 'label': 'varchar'}})) to '{folder[file]}' (format parquet)");
            return;
        }

        using var stream = File.Create(folder[file]);
        using var zipped = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionLevel.Fastest) : (Stream)stream;
        using var writer = new StreamWriter(zipped);
        writer.Write(file.Contains("csv", StringComparison.Ordinal) ? Csv : Json);
    }
}
