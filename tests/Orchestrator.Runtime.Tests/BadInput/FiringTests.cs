using Orchestrator.Core.Series;
using Orchestrator.Runtime.Effects;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A file goes bad between two firings: what is wrong is told at its place, what cannot be measured any more is stale, and the rest goes on.</summary>
public sealed class FiringTests : IDisposable
{
    private const string Model = """
        model: m
        task: {type: multiclass, classes: [cat, dog]}
        labels: human
        """;

    /// <summary>Line 5 is the dataset whose file goes bad.</summary>
    private const string Monitor = """
        monitor: m
        model: m
        every: 1d
        datasets:
          bad: {connection: data, path: "bad*.csv", split: test, roles: {id: id, label: label, prediction: guess, scores: "p_*", features: [size], latency: ms}}
          good: {connection: data, path: good.csv, split: test, roles: {id: id, label: label, prediction: guess, scores: "p_*", features: [size], latency: ms}}
        metrics: [data, model, system]
        min_rows: 3
        """;

    private const string Other = """
        monitor: other
        every: 1d
        datasets:
          same: {connection: data, path: good.csv, split: test, roles: {id: id}}
        metrics: [data_rows]
        """;

    private const string Good = """
        id,label,guess,p_cat,p_dog,size,ms
        a,cat,cat,0.9,0.1,1,5
        b,dog,dog,0.2,0.8,2,6
        c,cat,dog,0.4,0.6,1,7
        d,dog,dog,0.3,0.7,2,8

        """;

    private readonly TinyNode _tiny = new();

    [Theory]
    [InlineData("label,", "lable,", ":81: DATA006 bad: column \"label\" is missing, the role \"label\" names it; there are id, lable, guess, p_cat, p_dog, size, ms; did you mean lable?", "model_accuracy", 4)]
    [InlineData("p_dog", "q_dog", ":115: DATA021 bad: no column scores the class \"dog\"; there are scores in p_cat", "model_auroc", 4)]
    [InlineData(",0.3,0.7,2,8", ",0.3,0.7,2,fast", ":149: DATA007 bad: bad.csv row 4: column \"ms\": \"fast\" is no number; these rows are read as if the value were missing", null, 4)]
    [InlineData("0.2,0.8", "0.2,NaN", ":115: DATA011 bad: bad.csv row 2: column \"p_dog\": \"nan\" is no probability; a score is a number from 0 to 1; such rows are left out of metrics on scores", null, 4)]
    [InlineData("0.2,0.8", "inf,0.8", ":115: DATA011 bad: bad.csv row 2: column \"p_cat\": \"inf\" is no probability; a score is a number from 0 to 1; such rows are left out of metrics on scores", null, 4)]
    [InlineData("d,dog", "b,dog", ":70: DATA008 bad: bad.csv row 2: column \"id\": \"b\" is the id of more than one row (and 1 more); one row of each such id is kept", null, 3)]
    [InlineData("d,dog", "d,cow", ":81: DATA010 bad: bad.csv row 4: column \"label\": \"cow\" is outside of the label set; allowed: cat, dog", null, 4)]
    [InlineData("b,dog,dog,0.2,0.8,2,6\nc,cat,dog,0.4,0.6,1,7\nd,dog", "b,cat,dog,0.2,0.8,2,6\nc,cat,dog,0.4,0.6,1,7\nd,cat", ":8: DATA012 bad: no row carries the class \"dog\"; its recall and the area under the curve have no number", "model_auroc", 4)]
    [InlineData("c,cat,dog,0.4,0.6,1,7\nd,dog,dog,0.3,0.7,2,8\n", "", ":8: DATA013 bad: 2 rows: no number for data_class_balance_ratio, ", "model_accuracy", 2)]
    [InlineData(Good, "", ":33: DATA003 bad: bad.csv is empty; a file has at least a header", "data_rows", null)]
    [InlineData(Good, "\0\u0001\"x\n\"\"\",,,\n", ":", "model_accuracy", null)]
    public async Task What_went_bad_is_told_and_what_has_no_number_any_more_is_stale(string text, string replacement, string problem, string? vanished, int? rows)
    {
        await FireTwiceAsync(() => _tiny.Author("data/bad.csv", Good.Replace(text, replacement, StringComparison.Ordinal)));

        AssertTold(problem);
        Assert.True(vanished is null || _tiny.Vanished("bad").Contains(vanished), string.Join(", ", _tiny.Vanished("bad")));
        Assert.True(rows is null || rows == _tiny.Values("data_rows", "bad").Values.Single());
        AssertRestGoesOn();
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_and_all_of_its_series_are_stale()
    {
        await FireTwiceAsync(() => _tiny.Remove("data/bad.csv"));

        AssertTold(":33: DATA001 bad: no file matches \"bad*.csv\"; connection \"data\" is a folder that is searched for it");
        Assert.All(_tiny.Node.Samples.Snapshot().All.Where(series => series.Labels["dataset"] == "bad"), series => Assert.True(series.Newest!.Value.IsStale, $"{series.Labels}"));
        AssertRestGoesOn();
    }

    [Fact]
    public async Task What_was_repaired_is_measured_again()
    {
        await FireTwiceAsync(() => _tiny.Author("data/bad.csv", ""));
        _tiny.Author("data/bad.csv", Good);

        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([0.75], _tiny.Values("model_accuracy", "bad").Values);
    }

    [Fact]
    public async Task The_instant_of_the_last_success_stays_while_nothing_can_be_measured()
    {
        await FireTwiceAsync(() => { });
        var success = Labels.Of("monitor_last_success_timestamp_seconds", ("monitor", "m"));
        var second = TinyNode.Start.AddDays(2).ToUnixTimeSeconds();
        Assert.Equal(second, _tiny.Node.Samples.Snapshot().Find(success)!.Newest!.Value.Value);

        _tiny.Remove("data/bad.csv");
        _tiny.Remove("data/good.csv");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, _tiny.Problems("m").Length);
        Assert.Equal(second, _tiny.Node.Samples.Snapshot().Find(success)!.Newest!.Value.Value);
    }

    public void Dispose() => _tiny.Dispose();

    private async Task FireTwiceAsync(Action between)
    {
        _tiny.Author("rules/m.model.yaml", Model).Author("rules/m.monitor.yaml", Monitor).Author("rules/other.monitor.yaml", Other);
        await _tiny.Author("data/good.csv", Good).Author("data/bad.csv", Good).OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Empty(_tiny.Problems("m"));
        between();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
    }

    private void AssertTold(string problem)
    {
        var shown = _tiny.Problems("m");
        Assert.True(shown.Any(line => line.StartsWith($"rules/m.monitor.yaml:5{problem}", StringComparison.Ordinal)), string.Join('\n', shown));
        Assert.All(shown, line => Assert.Matches(@"^rules/m\.monitor\.yaml:5:\d+: DATA\d+ bad: ", line));
    }

    private void AssertRestGoesOn()
    {
        Assert.Equal([0.75], _tiny.Values("model_accuracy", "good").Values);
        Assert.Empty(_tiny.Vanished("good"));
        Assert.Empty(_tiny.Problems("other"));
        Assert.Equal([4], _tiny.Values("data_rows", "same").Values);
        Assert.Empty(_tiny.Node.Database.Read(EffectStore.Open));
    }
}
