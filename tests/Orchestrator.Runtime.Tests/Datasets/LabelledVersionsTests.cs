using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>What models learn from may get its labels from another place: a version holds the rows whose label had its time to arrive.</summary>
public sealed class LabelledVersionsTests : IDisposable
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          learn:
            connection: data
            path: rows.csv
            split: train
            window: 2d
            roles: {id: id, time: at, features: [x]}
            labels: {path: "labels*.csv", join: id, label: kind, time: known, delay: 1d}
        metrics: [data]
        min_rows: 1
        """;

    private const string Rows = """
        id,at,x
        a,2026-01-05T06:00:00Z,1
        b,2026-01-05T18:00:00Z,2
        c,2026-01-06T06:00:00Z,3
        d,2026-01-06T18:00:00Z,4

        """;

    private const string Labels = """
        id,kind,known
        a,cat,2026-01-05T12:00:00Z
        b,dog,2026-01-06T12:00:00Z
        c,cat,2026-01-06T12:00:00Z
        d,cat,2026-01-09T00:00:00Z

        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// At 6 Jan rows until 5 Jan count: none. At 7 Jan those until 6 Jan: a, b. At 8 Jan those until 7 Jan: a, b, c, as the label of d is not known. At 9 Jan those
    /// of (6 Jan, 8 Jan]: c, and d, whose label became known at that instant.
    /// </summary>
    [Fact]
    public async Task A_version_holds_the_rows_of_the_window_whose_label_has_matured()
    {
        await OpenAsync();

        Assert.Equal("none", await NextAsync());
        Assert.Equal("1: a=cat b=dog", await NextAsync());
        Assert.Equal("2: a=cat b=dog c=cat", await NextAsync());
        Assert.Equal("3: c=cat d=cat", await NextAsync());
    }

    [Fact]
    public async Task Before_any_label_has_matured_there_is_no_version_and_that_is_told()
    {
        await OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Contains(_tiny.Problems("m"), problem => problem.Contains("DATA030 learn: no row has a label yet that had its time to arrive", StringComparison.Ordinal));
        Assert.Null(_tiny.Node.Versions.Current("learn"));
    }

    [Fact]
    public async Task A_version_is_measured_by_its_own_labels()
    {
        await OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(2));

        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([2], _tiny.Values("data_rows", "learn").Values);
        Assert.Equal([0.5, 0.5], _tiny.Values("data_class_share", "learn").Values);
    }

    [Fact]
    public async Task Nothing_matured_in_between_is_no_new_version_and_a_fix_stays_current()
    {
        _tiny.Author("data/labels-2.csv", "id,kind,known\n");
        await OpenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(2));
        var first = _tiny.Node.Versions.Current("learn")!;
        var row = Assert.Single(await _tiny.Node.Versions.RowsAsync(first, ["a"], Cancel));
        var patch = Core.Fixes.DataPatch.Of("learn", first.Id, [new Core.Fixes.RowChange.Drop("a", row.Cells)]);
        await _tiny.Node.Versions.RebuildAsync(new VersionChange("k", "fix", _tiny.Node.Clocks.Now), patch, "patch", Cancel);

        await _tiny.Node.Measurements.RunAsync(
            _tiny.Node.Revisions.Current!, _tiny.Node.Revisions.Current!.Monitor("m")!, _tiny.Node.Clocks.Now.AddHours(1), Cancel);

        Assert.Equal("2: b=dog", await ShownAsync());
    }

    public void Dispose() => _tiny.Dispose();

    private Task<TinyNode> OpenAsync() => _tiny.Author("rules/m.monitor.yaml", Monitor).Author("data/rows.csv", Rows).Author("data/labels-1.csv", Labels).OpenAsync();

    private async Task<string> NextAsync()
    {
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        return await ShownAsync();
    }

    private async Task<string> ShownAsync()
    {
        if (_tiny.Node.Versions.Current("learn") is not { } version)
        {
            return "none";
        }

        var rows = await _tiny.Node.Versions.RowsAsync(version, ["a", "b", "c", "d"], Cancel);
        return $"{version.Number}: {string.Join(" ", rows.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => $"{row.Id}={row.Label}"))}";
    }
}
