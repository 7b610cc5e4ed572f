using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Core.Tests.Metrics;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>The numbers of whole runs, SQL included, against values that were not computed here.</summary>
public sealed partial class ReferenceMeasurementTests
{
    private static readonly string[] Columns = ["age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week"];
    private static readonly string[] Segments = ["sex", "race", "workclass", "education"];

    private const string ScoredMonitor = """
        monitor: income
        model: income
        every: 1d
        datasets:
          scored: {connection: data, path: scored.csv, split: test, roles: {id: id, label: income, scores: {">50K": p}, features: [sex, race]}}
        segments: [sex, race, workclass, education]
        metrics: [model]
        """;

    private const string Binary = """
        model: income
        task: {type: binary, positive: ">50K", threshold: 0.5}
        labels: observed
        """;

    [Fact]
    public void Adult_as_a_whole_and_per_segment()
    {
        var expected = SharedData.Json("adult", "reference.json").GetProperty("models").GetProperty("gnb");
        using var folder = new TempFolder();
        WriteScoredAdult(folder["scored.csv"]);

        var result = Measured.Run(folder.Path, ScoredMonitor, Binary);

        Check(expected.GetProperty("overall"), result, "model_", []);
        foreach (var segment in expected.GetProperty("segments").EnumerateObject().Where(segment => !segment.Name.StartsWith("age=", StringComparison.Ordinal)))
        {
            var parts = segment.Name.Split('=', 2);
            Check(segment.Value, result, "model_segment_", [("segment", $"{parts[0]} = '{parts[1]}'")]);
        }
    }

    [Fact]
    public void Adult_in_any_order_and_on_any_number_of_threads_to_the_last_bit()
    {
        using var folder = new TempFolder();
        WriteScoredAdult(folder["scored.csv"]);
        var lines = File.ReadAllLines(folder["scored.csv"]);
        var expected = Measured.Run(folder.Path, ScoredMonitor, Binary, threads: 1);

        foreach (var threads in new[] { 1, 2, 4 })
        {
            var rows = lines[1..];
            new Random(threads).Shuffle(rows);
            File.WriteAllLines(folder["scored.csv"], rows.Prepend(lines[0]));
            Assert.Equal(expected.Samples, Measured.Run(folder.Path, ScoredMonitor, Binary, threads).Samples);
        }
    }

    [Fact]
    public void Adult_rows_that_repeat_an_earlier_one()
    {
        using var folder = new TempFolder();
        File.Copy(SharedData.File("adult", "train.csv"), folder["train.csv"]);

        var result = Measured.Run(folder.Path, """
            monitor: income
            every: 1d
            datasets: {adult: {connection: data, path: train.csv, split: train, roles: {label: income}}}
            metrics: [data_duplicate_ratio, data_rows, data_class_share]
            """);

        var reference = SharedData.Json("adult", "reference.json");
        Assert.Equal(32561, result.Value("data_rows"));
        Assert.Equal(reference.GetProperty("exact_duplicate_rows").GetDouble() / 32561, result.Value("data_duplicate_ratio", ("variant", "exact"))!.Value, 1e-15);
        var positive = reference.GetProperty("models").GetProperty("gnb").GetProperty("overall").GetProperty("positive_share").GetDouble();
        Assert.Equal(positive, result.Value("data_class_share", ("class", ">50K"))!.Value, 1e-12);
    }

    [Fact]
    public void Adult_cells_that_are_missing()
    {
        using var folder = new TempFolder();
        var rows = File.ReadLines(SharedData.File("adult", "train.csv")).Select(line => string.Join(',', line.Split(',').Select(cell => cell == "?" ? "" : cell)));
        File.WriteAllLines(folder["train.csv"], rows);

        var result = Measured.Run(folder.Path, """
            monitor: income
            every: 1d
            datasets: {adult: {connection: data, path: train.csv, split: train, roles: {label: income}}}
            metrics: [data_missing_ratio, data_feature_missing_ratio, data_feature_distinct]
            """);

        var shares = SharedData.Json("adult", "reference.json").GetProperty("missing_share").EnumerateObject().ToDictionary(e => e.Name, e => e.Value.GetDouble());
        Assert.All(shares, share => Assert.Equal(share.Value, result.Value("data_feature_missing_ratio", ("feature", share.Key))!.Value, 1e-12));
        Assert.Equal(shares.Values.Sum() / 14, result.Value("data_missing_ratio")!.Value, 1e-12);
        Assert.Equal(2, result.Value("data_feature_distinct", ("feature", "sex")));
    }

    [Fact]
    public void Penguins_classes_and_missing_cells()
    {
        using var folder = new TempFolder();
        File.Copy(SharedData.File("small-tabular", "penguins.csv"), folder["penguins.csv"]);

        var result = Measured.Run(folder.Path, """
            monitor: penguins
            every: 1d
            datasets: {penguins: {connection: data, path: penguins.csv, split: train, roles: {label: species}}}
            metrics: [data_feature_missing_ratio, data_class_share]
            """);

        var missing = SharedData.Json("small-tabular", "reference.json").GetProperty("penguins").GetProperty("missing_per_column").EnumerateObject();
        Assert.All(missing.Where(column => column.Name != "species"), column =>
            Assert.Equal(column.Value.GetInt32() / 344.0, result.Value("data_feature_missing_ratio", ("feature", column.Name))!.Value, 1e-12));
        // 344 rows, 2 of them without measures (one Adelie, one Gentoo): the reference counts the complete ones.
        Assert.Equal(152 / 344.0, result.Value("data_class_share", ("class", "Adelie"))!.Value, 1e-12);
        Assert.Equal(68 / 344.0, result.Value("data_class_share", ("class", "Chinstrap"))!.Value, 1e-12);
    }

    [Fact]
    public void Mammography_class_balance()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["rows.csv"], File.ReadLines(SharedData.File("small-tabular", "mammography.csv")).Prepend("a,b,c,d,e,f,label"));

        var result = Measured.Run(folder.Path, """
            monitor: mammography
            every: 1d
            datasets: {rows: {connection: data, path: rows.csv, split: train, roles: {label: label}}}
            metrics: [data_class_balance_ratio]
            """);

        var expected = SharedData.Json("small-tabular", "reference.json").GetProperty("mammography").GetProperty("normalised_class_entropy").GetDouble();
        Assert.Equal(expected, result.Value("data_class_balance_ratio")!.Value, 1e-12);
    }

    [Fact]
    public void Banking_questions_that_are_equal_after_normalising()
    {
        using var folder = new TempFolder();
        var questions = QuotedCsv.Rows(SharedData.File("banking77", "train.csv")).Skip(1).Select(row => (Text: Normalised(row[0]), Category: row[1])).ToArray();
        File.WriteAllLines(folder["questions.csv"], questions.Select(question => question.Text).Prepend("text"));
        File.WriteAllLines(folder["labelled.csv"], questions.Select(question => $"{question.Text},{question.Category}").Prepend("text,category"));

        var result = Measured.Run(folder.Path, """
            monitor: banking
            every: 1d
            datasets:
              questions: {connection: data, path: questions.csv, split: train}
              labelled: {connection: data, path: labelled.csv, split: train, roles: {label: category}}
            metrics: [data_duplicate_ratio, data_conflicting_label_ratio]
            """);

        var expected = SharedData.Json("banking77", "reference.json").GetProperty("duplicates");
        Assert.Equal(expected.GetProperty("train_rows_beyond_first").GetInt32() / 10003.0, result.Value("data_duplicate_ratio", ("dataset", "questions"))!.Value, 1e-12);
        var groups = questions.GroupBy(question => question.Text).Where(group => group.Select(question => question.Category).Distinct().Count() > 1).ToArray();
        Assert.Equal(expected.GetProperty("train_groups_with_different_categories").GetInt32(), groups.Length);
        Assert.Equal(groups.Sum(group => group.Count()) / 10003.0, result.Value("data_conflicting_label_ratio", ("dataset", "labelled"))!.Value, 1e-12);
    }

    private static void Check(JsonElement expected, MeasurementResult result, string prefix, (string, string)[] labels)
    {
        if (!expected.TryGetProperty("tp", out _))
        {
            Assert.Null(result.Value($"{prefix}accuracy", labels));
            return;
        }

        foreach (var (reference, metric) in new[] { ("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"), ("f1", "f1"), ("mcc", "mcc"), ("brier", "brier"), ("roc_auc", "auroc"), ("average_precision", "auprc"), ("ece_10", "ece") })
        {
            var actual = result.Value(prefix + metric, labels);
            var value = expected.GetProperty(reference);
            Assert.True(value.ValueKind == JsonValueKind.Null ? actual is null : Math.Abs(value.GetDouble() - actual!.Value) <= 1e-9, $"{prefix}{metric} {string.Join(", ", labels)}: {actual} is not {value}");
        }

        // Near certainty one rounding of a probability moves the loss by more than 1e-9; Core's reference tests state by how much.
        Assert.Equal(expected.GetProperty("log_loss").GetDouble(), result.Value($"{prefix}log_loss", labels)!.Value, 1e-6);
    }

    private static void WriteScoredAdult(string path)
    {
        var header = File.ReadLines(SharedData.File("adult", "train.csv")).First().Split(',');
        var rows = File.ReadLines(SharedData.File("adult", "train.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        string Cell(string[] row, string column) => row[Array.IndexOf(header, column)];
        var predicted = GaussianNaiveBayes.OutOfFold(
            [.. rows.Select(row => Columns.Select(name => double.Parse(Cell(row, name), CultureInfo.InvariantCulture)).ToArray())], [.. rows.Select(row => Cell(row, "income") == ">50K")]);
        var lines = rows.Select((row, i) => $"r{i},{Cell(row, "income")},{predicted[i].ToString("R", CultureInfo.InvariantCulture)},{string.Join(',', Segments.Select(name => Cell(row, name)))}");
        File.WriteAllLines(path, lines.Prepend($"id,income,p,{string.Join(',', Segments)}"));
    }

    private static string Normalised(string text) => string.Join(' ', Word().Matches(text.ToLowerInvariant()).Select(word => word.Value));

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word();
}
