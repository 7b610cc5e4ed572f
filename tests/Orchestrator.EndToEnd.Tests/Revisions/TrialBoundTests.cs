using Orchestrator.Core.Series;
using Orchestrator.Runtime.Evaluations;

namespace Orchestrator.EndToEnd.Tests.Revisions;

/// <summary>A rule that is tried over more than is replayed at once.</summary>
public sealed class TrialBoundTests : IAsyncLifetime
{
    private const int Rules = 1000;
    private const int Daily = 110;
    private const int Days = 20;

    private readonly LiveServer _server = new();

    public async ValueTask InitializeAsync()
    {
        var rules = Enumerable.Range(1, Rules).Select(rule => $"      - {{alert: Rule{rule}, expr: data_rows < 0, labels: {{severity: warning}}, annotations: {{summary: none}}, owner: tiny-team}}\n");
        _server.Folder.Write("source/rules/many.rules.yaml", $"groups:\n  - name: many\n    interval: 1d\n    rules:\n{string.Concat(rules)}");
        await _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>7 days are replayed with the 7 before them: 14 × 110 evaluations of 1000 rules are 1.54 times 1,000,000, and 7 / 1.54 is 4.5; 8 × 110 of them are fewer than 1,000,000.</summary>
    [Fact]
    public async Task It_is_said_how_many_days_can_be_tried_and_so_many_can()
    {
        using var admin = _server.Admin();
        var now = _server.Node.Clocks.Now;
        await LogAsync(now);

        using var answer = await admin.PostAsync("/api/rules/Rule1/backtest", new { expression = "data_rows < 1", days = 7 });

        Assert.Equal((422, "7 days are 1.5 times as much as is replayed at once.", "Send at most 4 days."), await Caller.ProblemAsync(answer));
        _server.Node.Trials.Begin(_server.Node.Revisions.Current!, new ReplaySpan(now.AddDays(-4), now), out var excess);
        Assert.Null(excess);
    }

    private Task LogAsync(DateTimeOffset now) => _server.Node.Database.WriteAsync(
        transaction =>
        {
            var last = transaction.Scalar<long>("select coalesce(max(seq), 0) from evaluation");
            for (var one = 1; one <= Daily * Days; one++)
            {
                transaction.Execute(
                    "insert into evaluation (seq, rule_group, revision, as_of, watermark) values (@Seq, 'many', 'earlier', @AsOf, 0)",
                    new { Seq = last + one, AsOf = (now - (one * TimeSpan.FromDays(1) / Daily)).ToMicros() });
            }
        },
        TestContext.Current.CancellationToken);
}
