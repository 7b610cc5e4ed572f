using System.Globalization;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>The edges of quartiles come from the reference and stay, so that a segment means the same rows before and after a fix.</summary>
public sealed class StoredEdgesTests : IDisposable
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          learn: {connection: data, path: learn.csv, split: train, roles: {id: id, label: kind}}
          live: {connection: data, path: live.csv, split: production, reference: learn, roles: {id: id, label: kind, prediction: guess}}
        segments: [{name: size, by: quartiles(x)}]
        metrics: [model_segment_accuracy]
        min_rows: 1
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Of 0, 25, 50, 75 and 100 the edges are 25, 50 and 75; of ten times as much they would be 250, 500 and 750, and all rows of live be in the first quarter.</summary>
    [Fact]
    public async Task A_rebuilt_reference_moves_no_segment()
    {
        await OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal(["size = 'q1'", "size = 'q2'", "size = 'q4'"], Segments());

        Learn(10);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, _tiny.Node.Versions.Current("learn")!.Number);
        Assert.Equal(["size = 'q1'", "size = 'q2'", "size = 'q4'"], Segments());
    }

    [Fact]
    public async Task What_compares_and_plans_sees_the_segments_of_the_measurement()
    {
        await OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Learn(10);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        var access = new DatasetAccess(_tiny.Node.Authored, _tiny.Node.Versions, _tiny.Node.Database, _tiny.Node.Options.Analytics);
        using var opened = await access.OpenAsync(new DatasetWish("live", _tiny.Node.Clocks.Now), _tiny.PathOf("spill"), Cancel);

        Assert.Equal(
            ["size = 'q1'", "size = 'q2'", "size = 'q4'"],
            opened.Connection.Query($"select distinct \"@s0\" from \"{opened.Prepared.Current.Table}\" order by 1", reader => reader.GetString(0)));
    }

    [Theory]
    [InlineData("by: quartiles(x)", "by: quartiles(y)")]
    [InlineData("name: size, by", "name: width, by")]
    [InlineData("path: learn.csv", "path: \"lear*.csv\"")]
    public async Task An_edited_definition_has_new_edges(string old, string edited)
    {
        await OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Learn(10);

        _tiny.Author("rules/m.monitor.yaml", Monitor.Replace(old, edited, StringComparison.Ordinal));
        await _tiny.ReadAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        var name = edited.Contains("width", StringComparison.Ordinal) ? "width" : "size";
        Assert.Equal([$"{name} = 'q1'"], Segments());
    }

    [Fact]
    public async Task Edges_of_fewer_rows_than_count_are_not_kept()
    {
        await OpenAsync(Monitor.Replace("min_rows: 1", "min_rows: 6", StringComparison.Ordinal));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(_tiny.Node.Database.Read(connection => SegmentEdgeStore.Of(connection, "m")));
    }

    /// <summary>A dataset that stands in for a reference that could not be read gives no edges that stay.</summary>
    [Fact]
    public async Task Edges_of_a_missing_reference_wait_for_it()
    {
        await OpenAsync(Monitor.Replace("split: train", "split: test", StringComparison.Ordinal));
        _tiny.Remove("data/learn.csv");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Empty(_tiny.Node.Database.Read(connection => SegmentEdgeStore.Of(connection, "m")));

        Learn(1);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Equal([25, 50, 75], Assert.Single(_tiny.Node.Database.Read(connection => SegmentEdgeStore.Of(connection, "m"))).Value);
    }

    public void Dispose() => _tiny.Dispose();

    private async Task OpenAsync(string monitor = Monitor)
    {
        Learn(1);
        await _tiny.Author("rules/m.monitor.yaml", monitor)
            .Author("data/live.csv", "id,x,y,kind,guess\na,10,10,cat,cat\nb,30,30,cat,cat\nc,99,99,dog,dog\n").OpenAsync();
    }

    private void Learn(int factor)
    {
        var rows = Enumerable.Range(0, 5).Select(i => string.Create(CultureInfo.InvariantCulture, $"r{i},{25 * i * factor},{25 * i * factor},{(i % 2 == 0 ? "cat" : "dog")}"));
        _tiny.Author("data/learn.csv", $"id,x,y,kind\n{string.Join('\n', rows)}\n");
    }

    private IEnumerable<string> Segments() =>
        _tiny.Values("model_segment_accuracy", "live").Keys.Select(labels => labels.Split('"')[1]).Order(StringComparer.Ordinal);
}
