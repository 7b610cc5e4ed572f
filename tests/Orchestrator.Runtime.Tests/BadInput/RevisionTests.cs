using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A bad revision never replaces the one in force; what is wrong with it is shown, and monitors go on by the good one.</summary>
public sealed class RevisionTests : IDisposable
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets: {rows: {connection: data, path: rows.csv, split: test, roles: {id: id}}}
        metrics: [data_rows]
        """;

    private const string Rules = """
        groups:
          - name: g
            interval: 1d
            rules:
              - alert: Few
                expr: data_rows < 10
                owner: team
                then:
                  workflow: tell
                  inputs: {message: "few rows"}
        """;

    private const string Flow = """
        {
          "id": "tell-1",
          "definitionId": "tell",
          "name": "Tell",
          "version": 1,
          "inputs": [{"type": "String", "name": "message"}],
          "root": {
            "id": "root",
            "type": "Elsa.Flowchart",
            "version": 1,
            "activities": [
              {"id": "start", "type": "Elsa.Start", "version": 1},
              {"id": "end", "type": "Elsa.Finish", "version": 1}
            ],
            "connections": [{"source": {"activity": "start", "port": "Done"}, "target": {"activity": "end", "port": "In"}}]
          }
        }
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("workflows/tell.json", Flow, "Elsa.Finish", "Orchestrator.Retrian", "workflows/tell.json:13:29: FLOW007", "did you mean Orchestrator.Retrain?")]
    [InlineData("rules/g.rules.yaml", Rules, "workflow: tell", "workflow: yell", "rules/g.rules.yaml:9:", "did you mean tell?")]
    [InlineData("rules/g.rules.yaml", Rules, "{message:", "{massage:", "rules/g.rules.yaml:10:", "did you mean message?")]
    [InlineData("rules/g.rules.yaml", Rules, "data_rows <", "data_rows <<", "rules/g.rules.yaml:6:", "")]
    [InlineData("rules/m.monitor.yaml", Monitor, "every: 1d", "every: [1d", "rules/m.monitor.yaml:2:8: YAML001", "")]
    [InlineData("rules/m.monitor.yaml", Monitor, "every:", "evry:", "rules/m.monitor.yaml:2:1:", "did you mean every?")]
    public async Task The_good_revision_stays_in_force(string path, string good, string text, string replacement, string place, string nearest)
    {
        var before = await OpenAsync();

        _tiny.Author(path, good.Replace(text, replacement, StringComparison.Ordinal));
        var attempt = await _tiny.Node.Revisions.SyncAsync(Cancel);

        Assert.False(attempt.Accepted);
        Assert.True(
            attempt.Diagnostics.Any(line => line.StartsWith(place, StringComparison.Ordinal) && line.EndsWith(nearest, StringComparison.Ordinal)),
            string.Join('\n', attempt.Diagnostics));
        Assert.Equal(attempt.Diagnostics, _tiny.Node.Database.Read(RevisionStore.LastAttempt)!.Diagnostics);
        Assert.Equal(before, _tiny.Node.Revisions.Current!.Id);
        Assert.Equal(before, _tiny.Node.Database.Read(RevisionStore.InForce)!.Id);
        await AssertMonitorsGoOnAsync();
    }

    [Fact]
    public async Task A_node_that_is_opened_on_bad_files_goes_on_with_the_last_good_ones()
    {
        var before = await OpenAsync();
        _tiny.Author("rules/m.monitor.yaml", "monitor: [");

        await _tiny.ReopenAsync();

        Assert.Equal(before, _tiny.Node.Revisions.Current!.Id);
        Assert.False(_tiny.Node.Database.Read(RevisionStore.LastAttempt)!.Accepted);
        await AssertMonitorsGoOnAsync();
    }

    [Fact]
    public async Task A_repaired_revision_comes_into_force_and_its_diagnostics_are_gone()
    {
        var before = await OpenAsync();
        _tiny.Author("rules/m.monitor.yaml", "monitor: [");
        await _tiny.Node.Revisions.SyncAsync(Cancel);

        _tiny.Author("rules/m.monitor.yaml", Monitor);
        await _tiny.Node.Revisions.SyncAsync(Cancel);

        Assert.Equal(before, _tiny.Node.Revisions.Current!.Id);
        Assert.True(_tiny.Node.Database.Read(RevisionStore.LastAttempt)!.Accepted);
    }

    public void Dispose() => _tiny.Dispose();

    private async Task<string> OpenAsync()
    {
        _tiny.Author("rules/m.monitor.yaml", Monitor).Author("rules/g.rules.yaml", Rules).Author("workflows/tell.json", Flow);
        await _tiny.Author("data/rows.csv", "id\na\nb\n").OpenAsync();
        return _tiny.Node.Revisions.Current!.Id;
    }

    private async Task AssertMonitorsGoOnAsync()
    {
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([2], _tiny.Values("data_rows", "rows").Values);
        Assert.DoesNotContain(_tiny.Node.Database.Read(EffectStore.Open), effect => effect.State == "parked");
    }
}
