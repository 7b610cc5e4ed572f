using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

public sealed class DigitsMeasurementTests
{
    private const string Monitor = """
        monitor: digits
        model: digits
        every: 6h
        datasets:
          digits-train:
            connection: data
            path: train.csv
            split: train
            roles: {id: id, label: digit, features: "px_*"}
        segments: [digit, {name: ink, by: quartiles(ink)}]
        metrics: [data, segments]
        min_rows: 50
        """;

    [Fact]
    public async Task Wrong_labels_are_flagged_precisely_ranked_first_and_blamed_on_the_dark_quarter()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);
        var truth = DemoData.Truth(files.TrainTruth);

        var result = Measured.Run(Path.GetDirectoryName(files.Train)!, Monitor);

        var report = result.Datasets.Single().LabelErrors!;
        var flagged = report.Flagged.ToArray();
        Assert.Empty(result.Problems);
        Assert.Equal(900, result.Value("data_rows"));
        Assert.Equal(flagged.Length / 900.0, result.Value("data_label_error_ratio")!.Value, 1e-15);
        Assert.True(flagged.Count(IsWrong) >= 0.85 * flagged.Length, $"{flagged.Count(IsWrong)} of {flagged.Length} flagged rows are wrong");
        Assert.True(report.Within(225).Count(IsWrong) >= 0.85 * 180, $"{report.Within(225).Count(IsWrong)} of 180 wrong labels within a quarter of the rows");
        Assert.Equal("ink = 'q4'", result.Datasets.Single().Segments["data_label_error_ratio"][0].Predicate);
        Assert.NotNull(result.Value("segment_effect", ("metric", "data_label_error_ratio"), ("segment", "ink = 'q4'")));

        bool IsWrong(Suspect suspect) => truth[suspect.Id] != suspect.Given;
    }

    [Fact]
    public async Task Of_more_rows_than_can_be_compared_some_are_judged_and_the_number_is_told()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);

        var result = Measured.Run(Path.GetDirectoryName(files.Train)!, Monitor.Replace("[data, segments]", "[data, {data_label_error_ratio: {rows: 300}}, segments]", StringComparison.Ordinal));

        Assert.Equal(300, result.Datasets.Single().LabelErrors!.Ranked.Length);
        Assert.Contains(result.Shown(), text => text.Contains("DATA033 digits-train: wrong labels are looked for among 300 of 900 rows", StringComparison.Ordinal));
        Assert.Equal(300, result.Samples.Single(sample => sample.Labels.Name == "data_label_error_ratio").Sample.Rows);
    }

    [Fact]
    public async Task Segments_are_searched_where_nothing_else_is_asked_for()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);

        var result = Measured.Run(Path.GetDirectoryName(files.Train)!, Monitor.Replace("[data, segments]", "[segments]", StringComparison.Ordinal));

        Assert.NotNull(result.Value("segment_effect", ("metric", "data_label_error_ratio"), ("segment", "ink = 'q4'")));
        Assert.All(result.Samples, sample => Assert.Equal("segment_effect", sample.Labels.Name));
    }

    [Fact]
    public async Task Shuffled_rows_on_one_two_and_four_threads_give_the_same_numbers_to_the_last_bit()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);
        using var folder = new TempFolder();
        var lines = await File.ReadAllLinesAsync(files.Train, TestContext.Current.CancellationToken);
        var expected = Measured.Run(Path.GetDirectoryName(files.Train)!, Monitor, threads: 1);

        foreach (var threads in new[] { 1, 2, 4 })
        {
            var rows = lines[1..];
            new Random(threads).Shuffle(rows);
            await File.WriteAllLinesAsync(folder["train.csv"], rows.Prepend(lines[0]), TestContext.Current.CancellationToken);
            var shuffled = Measured.Run(folder.Path, Monitor, threads: threads);
            Assert.Equal(expected.Samples, shuffled.Samples);
            Assert.Equal(expected.Datasets[0].LabelErrors!.Ranked, shuffled.Datasets[0].LabelErrors!.Ranked);
        }
    }

    [Fact]
    public async Task A_label_that_a_person_confirmed_is_no_suspect_until_the_row_changes()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);
        using var folder = new TempFolder();
        File.Copy(files.Train, folder["train.csv"]);
        var request = Measured.Request(folder.Path, Monitor);
        var suspect = Measurement.Run(request).Datasets[0].LabelErrors!.Ranked[0];
        var confirmed = request with { Confirmed = ImmutableDictionary<string, ConfirmedRows>.Empty.Add("digits-train", new(HashOf(folder["train.csv"], suspect.Id))) };

        var after = Measurement.Run(confirmed).Datasets[0].LabelErrors!;
        Assert.DoesNotContain(suspect.Id, after.Flagged.Select(row => row.Id));
        Assert.Equal(suspect.Id, after.Ranked[^1].Id);

        var text = await File.ReadAllTextAsync(folder["train.csv"], TestContext.Current.CancellationToken);
        var line = text.Split('\n').Single(row => row.StartsWith(suspect.Id + ",", StringComparison.Ordinal));
        var changed = line.Replace(",0,", ",1,", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["train.csv"], text.Replace(line, changed, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.False(Measurement.Run(confirmed).Datasets[0].LabelErrors!.Ranked.Single(row => row.Id == suspect.Id).Confirmed);
    }

    private static ImmutableDictionary<string, string> HashOf(string path, string id)
    {
        var header = DemoData.Header(path).Split(',');
        var row = DemoData.Lines(path).Single(line => line[0] == id);
        return ImmutableDictionary<string, string>.Empty.Add(id, Core.Metrics.RowContent.Hash(header.Zip(row, (name, value) => KeyValuePair.Create(name, (string?)value))));
    }
}
