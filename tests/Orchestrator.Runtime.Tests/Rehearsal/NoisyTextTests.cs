using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>Texts with wrong labels: the loop repairs the labels within its budget and the model that serves gets better.</summary>
public sealed class NoisyTextTests
{
    [Fact]
    public async Task Comments_labelled_by_keywords_are_repaired_within_their_budget()
    {
        using var scenario = Arrange("tubespam-weak", "comment", batches: 8);

        await scenario.RehearseAsync((node, result) => Check(node, result, (0.76, 0.86, 420)), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task News_labelled_by_one_annotator_each_are_repaired_within_their_budget()
    {
        using var scenario = Arrange("noisy-agnews", "article", batches: 5);

        await scenario.RehearseAsync((node, result) => Check(node, result, (0.797, 0.855, 1200)), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Labels_that_are_right_already_cost_one_round_and_nothing_gets_worse()
    {
        using var scenario = Arrange("tubespam-weak", "comment", batches: 8, name: "tubespam-clean");

        await scenario.RehearseAsync(
            (node, result) =>
            {
                Assert.Equal(result.Before, result.After);
                Assert.Equal(result.Ceiling, result.After);
                Assert.Equal(140, result.LabelsAsked);
                // The gate held what was trained again: it gained nothing.
                Assert.Equal([("tubespam-1", true), ("tubespam-2", false)], result.Models.Select(model => (model.Version, model.Champion)).Order());
            },
            TestContext.Current.CancellationToken);
    }

    private static void Check(Node node, StoryResult result, (double Before, double After, int Labels) wanted)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Before} {result.After} {result.LabelsAsked} {result.Suspects}"));
        Assert.Equal(wanted.Before, result.Before!.Value, 0.01);
        Assert.InRange(result.After!.Value, wanted.After, 1);
        Assert.InRange(result.LabelsAsked, 1, wanted.Labels);
        Assert.Equal(FixState.Succeeded, Assert.Single(node.Database.Read(connection => FixStore.List(connection, openOnly: false))).State);
        var asked = node.Database.Read(connection => LabelStore.Queues(connection).SelectMany(queue => LabelStore.Tasks(connection, queue.Id)).ToList());
        Assert.Distinct(asked.Select(task => task.RowId));
    }

    /// <param name="name">A scenario of its own, in which the labels are right from the start; the set's where null.</param>
    private static SharedScenario Arrange(string set, string id, int batches, string? name = null)
    {
        var scenario = new SharedScenario(name ?? set);
        var (train, truth, test) = (SharedScenario.Table(set, "train.csv"), SharedScenario.Table(set, "train_truth.csv"), SharedScenario.Table(set, "test.csv"));
        var given = name is null ? train.Column("given_label") : truth.Column("true_label");
        scenario.Write("source/train.csv", train.With(["label"], row => [given[row]]), Enumerable.Range(0, train.Rows.Length), "id", "text", "label");
        scenario.Write("truth/train.csv", Renamed(truth, "true_label", "label"), Enumerable.Range(0, truth.Rows.Length), "id", "label");
        var served = Renamed(test, "id", id);
        scenario.Write("truth/served.csv", served, Enumerable.Range(0, test.Rows.Length), id, "label");
        for (var batch = 0; batch < batches; batch++)
        {
            var rows = Enumerable.Range(0, test.Rows.Length).Where(row => row % batches == batch);
            scenario.Write(string.Create(CultureInfo.InvariantCulture, $"source/batch-{batch + 1:00}.csv"), served, rows, id, "text");
        }

        return scenario;
    }

    private static CsvTable Renamed(CsvTable table, string from, string to) => table with { Columns = table.Columns.Replace(from, to) };
}
