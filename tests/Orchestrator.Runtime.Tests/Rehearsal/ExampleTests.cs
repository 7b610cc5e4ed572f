using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Rules;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>The examples in <c>rules/examples</c> do what their readme says.</summary>
public sealed class ExampleTests
{
    private const string Examples = "rules/examples";

    private static readonly string[] Straight = ["preparing", "proposed", "approved", "running", "verifying", "succeeded"];

    [Theory]
    [InlineData("churn")]
    [InlineData("intents")]
    public void An_example_is_clean_under_its_own_operator_and_its_tests_pass(string name)
    {
        var folder = Path.Combine(DemoData.Repository, Examples, name);
        var operatorFile = OperatorFile.Read("orchestrator.yaml", File.ReadAllText(Path.Combine(folder, "orchestrator.yaml")));
        var files = FolderSource.Read(folder).Texts;

        var (revision, diagnostics) = RuleRevision.Check(files, operatorFile.Value);

        Assert.Empty(diagnostics);
        var rules = RuleFile.Read($"{name}.rules.yaml", files[$"{name}.rules.yaml"]).Value!;
        var verdict = Assert.Single(revision!.Tests).Value.Run([rules]);
        Assert.Empty(verdict.Failures);
        Assert.InRange(verdict.Tests, 2, 9);
    }

    [Fact]
    public async Task A_model_that_price_rises_made_wrong_is_refitted_by_its_own_commands_once_late_labels_show_it()
    {
        foreach (var program in new[] { "python3", "setsid" })
        {
            Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program))), $"there is no {program}");
        }

        using var scenario = new SharedScenario(Examples, "churn");
        ChurnExample.Write(scenario["data"], seed: 1);

        await scenario.RehearseAsync(
            (_, story) =>
            {
                CheckClosed(story, "refit");
                Assert.Equal("model_f1", story.Metric);
                Assert.InRange(story.Before!.Value, 0, 0.6);
                Assert.InRange(story.After!.Value, story.Ceiling!.Value - 0.05, 1);

                // Nobody can know before the first outcomes of the new prices are there: prices rise on day 56, outcomes take 30 days.
                Assert.InRange(story.Findings[0].OpenedAt - story.ChangedAt!.Value, TimeSpan.FromDays(30), TimeSpan.FromDays(50));
            },
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Confused_intents_are_relabelled_by_people_and_learnt_anew()
    {
        using var scenario = new SharedScenario(Examples, "intents");
        IntentsExample.Write(scenario["data"], seed: 1);

        await scenario.RehearseAsync(
            (_, story) =>
            {
                CheckClosed(story, "relabel-rebuild-retrain");
                Assert.Equal("model_accuracy", story.Metric);
                Assert.InRange(story.Before!.Value, 0, 0.93);
                Assert.InRange(story.After!.Value, story.Ceiling!.Value - 0.02, 1);
                Assert.InRange(story.LabelsAsked, 1, 180);
                Assert.InRange(story.Suspects!.Recall, 0.8, 1);
            },
            TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("churn")]
    [InlineData("intents")]
    public void The_rows_of_an_example_are_the_same_bytes_every_time(string name)
    {
        using var first = new TempFolder();
        using var second = new TempFolder();
        Action<string, ulong> write = name == "churn" ? ChurnExample.Write : IntentsExample.Write;
        write(first.Path, 1);
        write(second.Path, 1);

        var files = Directory.GetFiles(first.Path, "*", SearchOption.AllDirectories);
        Assert.InRange(files.Length, 14, 25);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(second[Path.GetRelativePath(first.Path, file)])));
    }

    private static void CheckClosed(StoryResult story, string workflow)
    {
        var finding = Assert.Single(story.Findings);
        var fix = Assert.Single(story.Fixes);
        Assert.Equal("resolved", finding.State);
        Assert.Equal((workflow, "lead@example.org"), (fix.Workflow, fix.ApprovedBy));
        Assert.Equal(Straight, fix.States);
        Assert.Equal(2, story.Moves.Length);
    }
}
