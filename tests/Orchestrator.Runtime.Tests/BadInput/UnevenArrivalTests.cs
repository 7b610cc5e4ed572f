using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>Predictions and labels that do not come in order: what belongs together is measured, once.</summary>
public sealed class UnevenArrivalTests : IDisposable
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          rows:
            {connection: data, path: rows.csv, split: production, roles: {id: id, time: at, prediction: guess},
             labels: {path: labels.csv, join: id, label: truth, time: known}}
        metrics: [data_rows, model_accuracy]
        min_rows: 1
        """;

    private const string Header = "id,at,guess\n";
    private const string Labels = "id,truth,known\na,x,2026-01-05T04:00:00Z\nb,y,2026-01-05T04:00:00Z\nc,y,2026-01-05T04:00:00Z\n";

    private readonly TempFolder _folder = new();

    [Fact]
    public void Labels_that_are_there_before_their_predictions_are_told_and_count_once_those_have_come()
    {
        Write(Header + "a,2026-01-05T01:00:00Z,x\n", Labels);
        var before = Measured.Run(_folder.Path, Monitor);
        Assert.Contains("DATA055 rows: 2 of 3 labels belong to no row", Assert.Single(before.Shown()), StringComparison.Ordinal);
        Assert.Equal(1, before.Value("model_accuracy"));

        Write(Header + "a,2026-01-05T01:00:00Z,x\nb,2026-01-05T02:00:00Z,y\nc,2026-01-05T03:00:00Z,x\n", Labels);
        var after = Measured.Run(_folder.Path, Monitor);
        Assert.Empty(after.Shown());
        Assert.Equal(2 / 3.0, after.Value("model_accuracy")!.Value, 1e-15);
    }

    [Fact]
    public void A_prediction_that_was_logged_twice_counts_once_and_is_told()
    {
        Write(Header + "a,2026-01-05T01:00:00Z,x\nb,2026-01-05T02:00:00Z,y\nb,2026-01-05T02:00:00Z,y\nc,2026-01-05T03:00:00Z,x\n", Labels);

        var result = Measured.Run(_folder.Path, Monitor);

        Assert.Contains("\"b\" is the id of more than one row (and 1 more); one row of each such id is kept", Assert.Single(result.Shown()), StringComparison.Ordinal);
        Assert.Equal(2 / 3.0, result.Value("model_accuracy")!.Value, 1e-15); // not 3 of 4
    }

    [Fact]
    public void Rows_of_a_clock_that_is_ahead_are_measured_when_their_time_has_come()
    {
        Write(Header + "a,2026-01-05T01:00:00Z,x\nb,2026-01-05T02:00:00Z,y\nc,2026-01-06T05:00:00Z,x\n", Labels.Replace("c,y,2026-01-05", "c,y,2026-01-06", StringComparison.Ordinal).Replace("06T04", "06T06", StringComparison.Ordinal));
        var windowed = Monitor.Replace("split: production,", "split: production, window: 1d,", StringComparison.Ordinal);

        Assert.Equal(2, Measured.Run(_folder.Path, windowed).Value("data_rows"));
        Assert.Equal(1, Measured.Run(_folder.Path, windowed).Value("model_accuracy"));
        Assert.Equal(1, Measured.Run(_folder.Path, windowed, at: Measured.At.AddDays(1)).Value("data_rows"));
        Assert.Equal(0, Measured.Run(_folder.Path, windowed, at: Measured.At.AddDays(1)).Value("model_accuracy"));
    }

    [Fact]
    public void A_label_counts_from_the_time_at_which_it_was_known()
    {
        Write(Header + "a,2026-01-05T01:00:00Z,x\nb,2026-01-05T02:00:00Z,y\nc,2026-01-05T03:00:00Z,x\n", Labels.Replace("c,y,2026-01-05", "c,y,2026-01-06", StringComparison.Ordinal));

        Assert.Equal(1, Measured.Run(_folder.Path, Monitor).Value("model_accuracy"));
        Assert.Equal(2 / 3.0, Measured.Run(_folder.Path, Monitor, at: Measured.At.AddDays(1)).Value("model_accuracy")!.Value, 1e-15);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string rows, string labels)
    {
        File.WriteAllText(_folder["rows.csv"], rows);
        File.WriteAllText(_folder["labels.csv"], labels);
    }
}
