using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>Labels that do not fit their rows are counted and told; the rest is measured by those that do.</summary>
public sealed class LateLabelTests
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          rows:
            {connection: data, path: rows.csv, split: production, roles: {id: id, time: at, prediction: guess},
             labels: {path: labels.csv, join: id, label: truth, time: known}}
        metrics: [model_accuracy]
        min_rows: 1
        """;

    private const string Rows = "id,at,guess\na,2026-01-05T01:00:00Z,x\nb,2026-01-05T02:00:00Z,y\nc,2026-01-05T03:00:00Z,x\n";

    [Theory]
    [InlineData("a,x,4\nb,y,4\nc,y,4\n", null, 2 / 3.0)]
    [InlineData("a,x,4\nb,y,4\nc,y,4\nc,x,5\n", null, 1.0)]
    [InlineData("a,x,4\nb,y,4\nc,y,4\nc,x,4\n", ":6:50: DATA053 rows: \"c\" has the labels \"x\" and \"y\" of the same time; the newest label of a row counts; such rows are read as if they had none", 1.0)]
    [InlineData("a,x,4\nb,y,4\nc,y,4\nc,y,4\nb,y,4\n", ":6:14: DATA054 rows: 2 labels are given more than once; each counts once", 2 / 3.0)]
    [InlineData("a,x,4\nb,y,4\nd,y,4\ne,y,4\n", ":6:39: DATA055 rows: 2 of 4 labels belong to no row, such as that of \"d\"; rows and labels share the values of the column that joins them", 1.0)]
    [InlineData("a,x,4\nb,y,4\nc,y,2\n", ":6:63: DATA056 rows: 1 labels are older than the row they belong to, such as that of \"c\"; clocks that differ, or labels that were known before", 2 / 3.0)]
    public void Labels_that_do_not_fit_are_told(string labels, string? problem, double accuracy)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.csv"], Rows);
        File.WriteAllText(folder["labels.csv"], "id,truth,known\n" + string.Concat(labels.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line[..^1]}2026-01-05T0{line[^1]}:00:00Z\n")));

        var result = Measured.Run(folder.Path, Monitor);

        Assert.Equal(problem is null ? [] : [$"test.monitor.yaml{problem}"], result.Shown());
        Assert.Equal(accuracy, result.Value("model_accuracy")!.Value, 1e-15);
    }
}
