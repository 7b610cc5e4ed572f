using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>Worlds in which relabelling or retraining does not help: the whole loop runs, and nothing of it may stay.</summary>
public sealed class TrapTests
{
    private const int Batches = 6;

    /// <summary>Branch c is a coin's toss: its labels are right, and no model can know them.</summary>
    [Fact]
    public async Task A_segment_that_is_hard_by_nature_is_relabelled_in_vain_and_nothing_is_promoted()
    {
        using var scenario = new SharedScenario("traps");
        var world = new World(1);
        Write(scenario, [world.Rows("t", 600, ("a", Fair), ("b", Fair), ("c", Coin))], world.Rows("s", 1800, ("a", Fair), ("b", Fair), ("c", Coin)));

        await scenario.RehearseAsync((node, story) =>
        {
            Assert.Contains("branch = 'c'", story.Findings.Length > 0 ? story.Segment : "", StringComparison.Ordinal);
            Assert.All(Verdicts(node), verdict => Assert.StartsWith("hold: model_accuracy goes from", verdict, StringComparison.Ordinal));
            AssertNothingStays(node, story);
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>The labels of branch c are right three times out of four; whoever labels them anew is wrong in two answers of five.</summary>
    [Fact]
    public async Task Labels_from_somebody_who_is_often_wrong_do_not_serve_and_are_taken_back()
    {
        using var scenario = new SharedScenario("traps");
        var file = scenario["traps.scenario.yaml"];
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("error_rate: 0%", "error_rate: 40%", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var world = new World(2);
        Write(scenario, [world.Rows("t", 600, ("a", Fair), ("b", Fair), ("c", Mostly))], world.Rows("s", 1800, ("a", Fair), ("b", Fair), ("c", Mostly)));

        await scenario.RehearseAsync((node, story) =>
        {
            Assert.InRange(story.LabelsAsked, 100, 400);
            Assert.NotEmpty(Verdicts(node));
            Assert.DoesNotContain(Verdicts(node), verdict => verdict.StartsWith("promote", StringComparison.Ordinal));
            AssertNothingStays(node, story);
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>Branch a had only its good clients; a later file has them all, but of branch b only bad ones: the model gets better as a whole and worse in b.</summary>
    [Fact]
    public async Task A_retraining_that_gains_as_a_whole_and_harms_one_segment_is_rejected()
    {
        using var scenario = new SharedScenario("traps");
        var file = scenario["traps.scenario.yaml"];
        const string first = "  - {dataset: loans, at: 0h, file: source/train-1.csv}\n";
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(first, $"{first}  - {{dataset: loans, at: 9h, file: source/train-2.csv}}\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var world = new World(3);
        Write(
            scenario,
            [world.Rows("t", 450, ("a", Always), ("b", Fair), ("c", Fair)), world.Rows("u", 1200, ("a", Fair), ("a", Fair), ("b", Never))],
            world.Rows("s", 1800, ("a", Fair), ("a", Fair), ("b", Fair), ("c", Fair)));

        await scenario.RehearseAsync((node, story) =>
        {
            Assert.Contains(Verdicts(node), verdict => verdict.StartsWith("reject: in branch = 'b' model_accuracy goes from", StringComparison.Ordinal));
            Assert.DoesNotContain(Verdicts(node), verdict => verdict.StartsWith("promote", StringComparison.Ordinal));
            AssertNothingStays(node, story);
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>The labels of branch c are right three times out of four; whoever labels them anew thinks that nobody there pays back.</summary>
    [Fact]
    public async Task Labels_from_somebody_with_a_prejudice_do_not_serve_and_are_taken_back()
    {
        using var scenario = new SharedScenario("traps");
        var world = new World(4);
        CsvTable[] training = [world.Rows("t", 600, ("a", Fair), ("b", Fair), ("c", Mostly))];
        Write(scenario, training, world.Rows("s", 1800, ("a", Fair), ("b", Fair), ("c", Mostly)));
        var prejudiced = new CsvTable(training[0].Columns, [.. training[0].Rows.Select(row => row[1] == "c" ? row.SetItem(row.Length - 1, "no") : row)]);
        scenario.Write("truth/train.csv", prejudiced, Enumerable.Range(0, prejudiced.Rows.Length), "id", "label");

        await scenario.RehearseAsync((node, story) =>
        {
            Assert.InRange(story.LabelsAsked, 100, 400);
            Assert.DoesNotContain(Verdicts(node), verdict => verdict.StartsWith("promote", StringComparison.Ordinal));
            AssertNothingStays(node, story);
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>One client in ten does not pay back, of branch c more, and nobody can know who; whoever labels anew says that all of them do.</summary>
    [Fact]
    public async Task A_rare_class_that_a_labeler_overlooks_is_not_given_up()
    {
        using var scenario = new SharedScenario("traps");
        var file = scenario["traps.model.yaml"];
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("positive: \"yes\"", "positive: \"no\"", StringComparison.Ordinal)
            .Replace("metric: model_accuracy, min_gain: 0.005, max_segment_loss: 0.05", "metric: model_f1, min_gain: 0.005", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var world = new World(5);
        CsvTable[] training = [world.Rows("t", 600, ("a", Solid), ("b", Solid), ("c", Shaky))];
        Write(scenario, training, world.Rows("s", 1800, ("a", Solid), ("b", Solid), ("c", Shaky)));
        var blind = new CsvTable(training[0].Columns, [.. training[0].Rows.Select(row => row.SetItem(row.Length - 1, "yes"))]);
        scenario.Write("truth/train.csv", blind, Enumerable.Range(0, blind.Rows.Length), "id", "label");

        await scenario.RehearseAsync((node, story) =>
        {
            Assert.DoesNotContain(Verdicts(node), verdict => verdict.StartsWith("promote", StringComparison.Ordinal));
            AssertNothingStays(node, story);
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Students pay back whatever they earn; the model, which learnt from people of all kinds, says so of half of them. A version that learns from the students of a day passes the gate on
    /// their rows, and then the others come back: what it gained is gone, and the first version serves again.
    /// </summary>
    [Fact]
    public async Task What_was_learnt_from_a_wave_that_passes_is_undone()
    {
        using var scenario = new SharedScenario("passing-wave");
        var world = new World(6);
        var (everybody, students) = (world.Rows("e", 3600, ("a", Fair), ("b", Fair)), world.Rows("w", 600, ("s", Always)));
        var low = new CsvTable(students.Columns, [.. students.Rows.Select((row, i) => i % 8 == 0 ? Poor(row).SetItem(row.Length - 1, "no") : Poor(row))]);
        CsvTable[] batches = [.. everybody.Rows.Skip(600).Chunk(300).Select(rows => new CsvTable(everybody.Columns, [.. rows]))];
        CsvTable[] served = [.. batches[..3], .. low.Rows.Chunk(300).Select(rows => new CsvTable(low.Columns, [.. rows])), .. batches[3..]];
        scenario.Write("source/train.csv", Clients(everybody), Enumerable.Range(0, 600), "client", "income", "debts", "label");
        scenario.Write("truth/served.csv", Clients(new(low.Columns, [.. served.SelectMany(batch => batch.Rows)])), Enumerable.Range(0, 3600), "client", "label");
        foreach (var (i, batch) in served.Index())
        {
            scenario.Write(string.Create(CultureInfo.InvariantCulture, $"source/batch-{i + 1:00}.csv"), Clients(batch), Enumerable.Range(0, 300), "client", "income", "debts");
        }

        await scenario.RehearseAsync((node, story) =>
        {
            Assert.Equal("compensated", Assert.Single(story.Fixes).States[^1]);
            Assert.Contains(Verdicts(node), verdict => verdict.StartsWith("promote", StringComparison.Ordinal));
            Assert.Equal("loans-1", node.Database.Read(connection => ChampionStore.Champion(connection, "loans")));
            Assert.InRange(story.After!.Value, 0.9, 1);
        }, TestContext.Current.CancellationToken);

        static CsvTable Clients(CsvTable table) => new(table.Columns.SetItem(0, "client"), table.Rows);
    }

    /// <summary>A tenth of the income and of the debts.</summary>
    private static ImmutableArray<string> Poor(ImmutableArray<string> row) => row.SetItem(2, Tenth(row[2])).SetItem(3, Tenth(row[3]));

    private static string Tenth(string number) => (int.Parse(number, CultureInfo.InvariantCulture) / 10).ToString(CultureInfo.InvariantCulture);

    /// <summary>The first version serves to the end, no fix counts as a success, and no label of the training rows differs from what was authored.</summary>
    private static void AssertNothingStays(Node node, StoryResult story)
    {
        Assert.NotEmpty(story.Fixes);
        Assert.All(story.Fixes, fix => Assert.Contains(fix.States[^1], new[] { "compensated", "failed" }));
        Assert.Equal("loans-1", node.Database.Read(connection => ChampionStore.Champion(connection, "loans")));
        Assert.Equal(story.Before, story.After);
        var authored = Directory.GetFiles(node.Connections.FolderOf("data"), "train-*.csv").SelectMany(file => CsvTable.Read(file).Rows).Select(row => $"{row[0]} {row[^1]}");
        using var analytics = Analytics.Open(new AnalyticsOptions());
        var kept = analytics.Query($"select id || ' ' || label from read_parquet('{node.Versions.FileOf(node.Versions.Current("loans")!)}')", reader => reader.GetString(0));
        Assert.Equal(authored.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    private static ImmutableArray<string> Verdicts(Node node) => [.. node.Database.Read(connection => connection.Query<string>("select verdict || ': ' || reason from gate_verdict order by at"))];

    private static void Write(SharedScenario scenario, CsvTable[] training, CsvTable served)
    {
        for (var file = 0; file < training.Length; file++)
        {
            scenario.Write($"source/train-{file + 1}.csv", training[file], Enumerable.Range(0, training[file].Rows.Length), "id", "branch", "income", "debts", "label");
        }

        var all = new CsvTable(training[0].Columns, [.. training.SelectMany(table => table.Rows)]);
        scenario.Write("truth/train.csv", all, Enumerable.Range(0, all.Rows.Length), "id", "label");
        var clients = new CsvTable(served.Columns.SetItem(0, "client"), served.Rows);
        scenario.Write("truth/served.csv", clients, Enumerable.Range(0, clients.Rows.Length), "client", "label");
        for (var batch = 0; batch < Batches; batch++)
        {
            var at = batch;
            scenario.Write($"source/batch-{batch + 1}.csv", clients, Enumerable.Range(0, clients.Rows.Length).Where(row => row % Batches == at), "client", "branch", "income", "debts");
        }
    }

    private static bool Fair(int income, int debts, int chance) => income > debts;

    private static bool Mostly(int income, int debts, int chance) => (income > debts) == chance < 75;

    private static bool Solid(int income, int debts, int chance) => debts < 900;

    private static bool Shaky(int income, int debts, int chance) => debts < 900 && chance >= 20;

    private static bool Coin(int income, int debts, int chance) => chance < 50;

    private static bool Always(int income, int debts, int chance) => true;

    private static bool Never(int income, int debts, int chance) => false;

    /// <summary>Rows of made-up loans, the same for the same seed.</summary>
    private sealed class World(ulong seed)
    {
        private readonly SeededRandom _random = new(seed);

        public CsvTable Rows(string prefix, int rows, params (string Branch, Func<int, int, int, bool> IsGood)[] branches) => new(
            ["id", "branch", "income", "debts", "label"],
            [.. Enumerable.Range(0, rows).Select(row => Row(string.Create(CultureInfo.InvariantCulture, $"{prefix}{row:0000}"), branches[row / Batches % branches.Length]))]);

        private ImmutableArray<string> Row(string id, (string Branch, Func<int, int, int, bool> IsGood) branch)
        {
            var (income, debts, chance) = (_random.Below(1000), _random.Below(1000), _random.Below(100));
            return [id, branch.Branch, Text(income), Text(debts), branch.IsGood(income, debts, chance) ? "yes" : "no"];
        }

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
