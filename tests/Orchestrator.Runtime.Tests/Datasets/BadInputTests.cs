using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>Each fault is told at its place in the author's words; the rest of the monitor goes on.</summary>
public sealed class BadInputTests
{
    private const string Model = """
        model: m
        task: {type: multiclass, classes: [cat, dog]}
        labels: human
        """;

    /// <summary>Line 5 is the dataset under test; the dataset "good" must be measured whatever happens to it.</summary>
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

    private const string Good = """
        id,label,guess,p_cat,p_dog,size,ms
        a,cat,cat,0.9,0.1,1,5
        b,dog,dog,0.2,0.8,2,6
        c,cat,dog,0.4,0.6,1,7
        d,dog,dog,0.3,0.7,2,8

        """;

    [Theory]
    [InlineData("missing column", "label,", "lable,", "test.monitor.yaml:5:81: DATA006 bad: column \"label\" is missing, the role \"label\" names it; there are id, lable, guess, p_cat, p_dog, size, ms; did you mean lable?")]
    [InlineData("missing score column", "p_dog", "q_dog", "test.monitor.yaml:5:115: DATA021 bad: no column scores the class \"dog\"; there are scores in p_cat")]
    [InlineData("wrong type", ",0.3,0.7,2,8", ",0.3,0.7,2,fast", "test.monitor.yaml:5:149: DATA007 bad: bad.csv row 4: column \"ms\": \"fast\" is no number; these rows are read as if the value were missing")]
    [InlineData("score that is no number", "0.2,0.8", "0.2,NaN", "test.monitor.yaml:5:115: DATA011 bad: bad.csv row 2: column \"p_dog\": \"nan\" is no probability; a score is a number from 0 to 1; such rows are left out of metrics on scores")]
    [InlineData("infinite score", "0.2,0.8", "inf,0.8", "test.monitor.yaml:5:115: DATA011 bad: bad.csv row 2: column \"p_cat\": \"inf\" is no probability; a score is a number from 0 to 1; such rows are left out of metrics on scores")]
    [InlineData("duplicate id", "d,dog", "b,dog", "test.monitor.yaml:5:70: DATA008 bad: bad.csv row 2: column \"id\": \"b\" is the id of more than one row (and 1 more); one row of each such id is kept")]
    [InlineData("row without an id", "d,dog", ",dog", "test.monitor.yaml:5:70: DATA009 bad: bad.csv row 4: column \"id\": \"nothing\" has no id; rows without an id are left out")]
    [InlineData("label outside of the set", "d,dog", "d,cow", "test.monitor.yaml:5:81: DATA010 bad: bad.csv row 4: column \"label\": \"cow\" is outside of the label set; allowed: cat, dog")]
    [InlineData("class that never appears", "b,dog,dog,0.2,0.8,2,6\nc,cat,dog,0.4,0.6,1,7\nd,dog", "b,cat,dog,0.2,0.8,2,6\nc,cat,dog,0.4,0.6,1,7\nd,cat", "test.monitor.yaml:5:8: DATA012 bad: no row carries the class \"dog\"; its recall and the area under the curve have no number")]
    [InlineData("too few rows", "c,cat,dog,0.4,0.6,1,7\nd,dog,dog,0.3,0.7,2,8\n", "", "test.monitor.yaml:5:8: DATA013 bad: 2 rows: no number for data_class_balance_ratio, ")]
    public void A_fault_is_located_and_the_rest_is_measured(string fault, string text, string replacement, string problem)
    {
        var result = Run(Good.Replace(text, replacement, StringComparison.Ordinal));

        Assert.True(result.Shown().Any(shown => shown.StartsWith(problem, StringComparison.Ordinal)), $"{fault}:\n{string.Join('\n', result.Shown())}");
        Assert.All(result.Problems, found => Assert.Equal("bad", found.Dataset));
        Assert.Equal(0.75, result.Value("model_accuracy", ("dataset", "good")));
    }

    [Theory]
    [InlineData("", "test.monitor.yaml:5:")]
    [InlineData("id,label,guess,p_cat,p_dog,size,ms\n", "test.monitor.yaml:5:")]
    public void An_empty_file_is_told(string text, string place)
    {
        var result = Run(text);

        Assert.Contains(result.Shown(), shown => shown.StartsWith(place, StringComparison.Ordinal) && shown.Contains("DATA003 bad: bad.csv ", StringComparison.Ordinal));
        Assert.Equal(4, result.Value("data_rows", ("dataset", "good")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["good.csv"], Good);

        var result = Measured.Run(folder.Path, Monitor, Model);

        Assert.Equal(["test.monitor.yaml:5:33: DATA001 bad: no file matches \"bad*.csv\"; connection \"data\" is a folder that is searched for it"], result.Shown());
        Assert.Equal(4, result.Value("data_rows", ("dataset", "good")));
    }

    [Fact]
    public void Files_of_a_pattern_that_differ_are_told()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["good.csv"], Good);
        File.WriteAllText(folder["bad-1.csv"], Good);
        File.WriteAllText(folder["bad-2.csv"], Good.Replace("ms", "millis", StringComparison.Ordinal));

        var result = Measured.Run(folder.Path, Monitor, Model);

        Assert.Equal(["test.monitor.yaml:5:33: DATA004 bad: bad-2.csv and bad-1.csv differ in column \"millis\"; all files of a pattern have the same columns"], result.Shown());
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused()
    {
        using var outside = new TempFolder();
        using var folder = new TempFolder();
        File.WriteAllText(outside["secret.csv"], Good);
        File.WriteAllText(folder["good.csv"], Good);
        File.CreateSymbolicLink(folder["bad.csv"], outside["secret.csv"]);

        var result = Measured.Run(folder.Path, Monitor, Model);

        Assert.Equal(["test.monitor.yaml:5:33: DATA002 bad: \"bad.csv\" leads out of the folder of connection \"data\"; allowed: files inside of it"], result.Shown());
        Assert.DoesNotContain(result.Samples, sample => sample.Labels["dataset"] == "bad");
    }

    [Fact]
    public void A_file_that_is_no_table_is_told()
    {
        var result = Run("\0\u0001\"x\n\"\"\",,,\n");

        Assert.NotEmpty(result.Problems);
        Assert.All(result.Problems, problem => Assert.Equal("bad", problem.Dataset));
        Assert.Equal(4, result.Value("data_rows", ("dataset", "good")));
    }

    [Fact]
    public void A_metric_that_nothing_measures_is_told_with_the_nearest_name()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["good.csv"], Good);

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 1d
            datasets: {good: {connection: data, path: good.csv, split: test, roles: {id: id}}}
            metrics: [data_row, data_rows, model]
            """);

        Assert.Equal(
            ["test.monitor.yaml:4:11: DATA015", "test.monitor.yaml:4:32: DATA014 no dataset gives what \"model\" needs; missing: label, prediction, scores"],
            result.Shown().Select(shown => shown.Contains("DATA015", StringComparison.Ordinal) ? shown[..31] : shown));
        Assert.Contains(result.Shown(), shown => shown.EndsWith("did you mean data_rows?", StringComparison.Ordinal));
        Assert.Equal("", result.Problems[0].Dataset);
    }

    private static MeasurementResult Run(string bad)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["bad.csv"], bad);
        File.WriteAllText(folder["good.csv"], Good);
        return Measured.Run(folder.Path, Monitor, Model);
    }
}
