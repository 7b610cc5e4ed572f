using Orchestrator.Core.Rehearsal;

namespace Orchestrator.Core.Tests.Rehearsal;

public sealed class ScenarioFileTests
{
    private const string Good = """
        scenario: digits
        config: orchestrator.yaml
        rules: ../..
        start: 2026-01-05T00:00:00Z
        until: 7d
        changes_at: 3d
        arrivals:
          - {dataset: digits-train, file: train.csv}
          - {dataset: digits-production, every: 6h, files: "production/batch-*.csv", serve: true, labels: truth.csv, labels_after: 6h}
        labeler: {truth: truth.csv, label: digit, error_rate: 5%}
        approvals: [{by: lead@example.org, fixes: all, after: 30m}]
        events:
          - {at: 0h, train: digits}
          - {at: 3d, promote: {model: digits, rows: hasty.csv, latency: 180ms}}
          - {at: 4d, promote: {model: digits, artifact: elsewhere.zip}}
        ceiling: {labels: truth.csv}
        """;

    [Fact]
    public void A_scenario_says_what_arrives_who_labels_who_approves_and_how_long()
    {
        var read = ScenarioFile.Read("digits.scenario.yaml", Good);

        Assert.Empty(read.Diagnostics);
        var scenario = read.Value!;
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), scenario.Start);
        Assert.Equal(TimeSpan.FromDays(7), scenario.Until);
        Assert.Equal(new Arrival("digits-train", "train.csv", TimeSpan.Zero, null, false, null), scenario.Arrivals[0]);
        var every = TimeSpan.FromHours(6);
        Assert.Equal(new Arrival("digits-production", "production/batch-*.csv", every, every, true, new LateLabels("truth.csv", every)), scenario.Arrivals[1]);
        Assert.Equal(new Labeler("truth.csv", "id", "digit", 0.05), scenario.Labeler);
        var habit = Assert.Single(scenario.Approvals);
        Assert.Equal(("lead@example.org", TimeSpan.FromMinutes(30), true), (habit.By, habit.After, habit.IsFor("LabelErrors")));
        Assert.Equal(TimeSpan.FromDays(3), scenario.ChangesAt);
        Assert.Equal(
            [
                new ScenarioEvent.Train(TimeSpan.Zero, "digits"),
                new ScenarioEvent.Promote(TimeSpan.FromDays(3), "digits", new ReleaseSource.Rows("hasty.csv"), TimeSpan.FromMilliseconds(180)),
                new ScenarioEvent.Promote(TimeSpan.FromDays(4), "digits", new ReleaseSource.Artifact("elsewhere.zip"), null),
            ],
            scenario.Events);
    }

    [Fact]
    public void People_may_approve_the_fixes_of_some_rules_only()
    {
        var read = ScenarioFile.Read("s.yaml", Good.Replace("fixes: all", "fixes: [LabelErrors, Drift]", StringComparison.Ordinal));

        var habit = Assert.Single(read.Value!.Approvals);
        Assert.True(habit.IsFor("Drift"));
        Assert.False(habit.IsFor("BadDeployment"));
    }

    [Theory]
    [InlineData("file: train.csv}", "file: train.csv, fiel: x}", "s.yaml:8:46: YAML020 unknown field \"fiel\"")]
    [InlineData("{dataset: digits-train, file: train.csv}", "{dataset: digits-train}", "s.yaml:8:5: SCEN001 an arrival names no file; allowed: one of file, files")]
    [InlineData("every: 6h, ", "", "s.yaml:9:34: SCEN002 \"files\" arrive one by one; allowed with files: every, such as 6h")]
    [InlineData(", labels_after: 6h", "", "s.yaml:9:91: SCEN003 \"labels\" stands alone; allowed: labels (a file) and labels_after (a time) together")]
    [InlineData("fixes: all", "fixes: [all, Drift]", "s.yaml:11:43: SCEN004 \"all\" stands beside names of rules; allowed: all, or the names of the rules whose fixes are approved")]
    [InlineData("{at: 0h, train: digits}", "{at: 0h}", "s.yaml:13:5: SCEN006 an event says nothing that happens; allowed: one of train, promote")]
    [InlineData("{at: 3d, promote:", "{at: 3d, train: digits, promote:", "s.yaml:14:5: SCEN006 one event is two things; allowed: one of train, promote")]
    [InlineData("rows: hasty.csv, ", "", "s.yaml:14:23: SCEN007 it is not said what is promoted; allowed: one of artifact (a trained model), rows (what it is trained on)")]
    [InlineData("rows: hasty.csv,", "rows: hasty.csv, artifact: a.zip,", "s.yaml:14:23: SCEN007 both \"artifact\" and \"rows\" are given; allowed: one of artifact (a trained model), rows (what it is trained on)")]
    [InlineData("2026-01-05T00:00:00Z", "monday", "s.yaml:4:8: SCEN005 \"monday\" is no instant; allowed: ISO 8601, such as 2026-01-05T00:00:00Z")]
    public void A_mistake_is_told_with_its_place(string right, string wrong, string expected)
    {
        var read = ScenarioFile.Read("s.yaml", Good.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(read.Value);
        Assert.StartsWith(expected, read.Diagnostics[0].ToString(), StringComparison.Ordinal);
    }
}
