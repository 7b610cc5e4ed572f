using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A loop over a few dozen rows of cats and dogs: every measurement asks for a relabel with the demo's workflow, which nobody has to approve.</summary>
internal static class Pets
{
    public const string Model = """
        model: pets
        task: multiclass
        labels: human
        train: {runner: mlnet, dataset: pets, parameters: {trainer: linear}}
        score: {runner: mlnet}
        evaluate: {dataset: shown}
        gate: {metric: model_accuracy, min_gain: 0.005}
        """;

    public const string Monitor = """
        monitor: pets
        model: pets
        every: 1d
        datasets:
          pets: {connection: data, path: pets.csv, split: train, roles: {id: id, label: kind, features: [x, y]}}
          shown: {connection: data, path: shown.csv, split: test, roles: {id: id, label: kind, features: [x, y]}}
        metrics: [data]
        min_rows: 3
        """;

    public const string Rules = """
        groups:
          - name: pets
            interval: 1d
            model: pets
            rules:
              - alert: Wrong
                expr: data_rows{dataset="pets"} > 0
                owner: team
                then:
                  workflow: relabel-rebuild-retrain
                  inputs: {model: pets, dataset: pets, label_budget: 3}
                  approval: auto
                  verify: {expr: "data_rows{dataset=\"pets\"} > 1000", within: 1d}
        """;

    public static async Task<TinyNode> OpenAsync(TinyNode tiny, string rows, int threads = 2)
    {
        var workflows = Path.Combine(Path.GetDirectoryName(DemoData.Digits)!, "..", "..", "workflows");
        var definition = await File.ReadAllTextAsync(Path.Combine(workflows, "relabel-rebuild-retrain.json"), TestContext.Current.CancellationToken);
        tiny.Author("rules/pets.model.yaml", Model).Author("rules/pets.monitor.yaml", Monitor).Author("rules/pets.rules.yaml", Rules);
        tiny.Author("workflows/relabel-rebuild-retrain.json", definition).Author("data/pets.csv", rows).Author("data/shown.csv", Rows(20, 20, 0, 7));
        return await tiny.OpenAsync(threads);
    }

    /// <summary>Cats around 0, dogs around 10, and cats that are called dogs.</summary>
    public static string Rows(int cats, int dogs, int wrong, ulong seed)
    {
        var random = new SeededRandom(seed);
        var rows = Enumerable.Range(0, cats).Select(i => ($"c{i:00}", 0, "cat"))
            .Concat(Enumerable.Range(0, dogs).Select(i => ($"d{i:00}", 10, "dog")))
            .Concat(Enumerable.Range(0, wrong).Select(i => ($"w{i:00}", 0, "dog")));
        var lines = random.Shuffled(rows.Select(row => $"{row.Item1},{Near(row.Item2)},{Near(row.Item2)},{row.Item3}"));
        return string.Concat(lines.Prepend("id,x,y,kind").Select(line => line + "\n"));

        string Near(int centre) => (centre + (random.Below(2000) / 1000.0)).ToString(CultureInfo.InvariantCulture);
    }

    public static Fix TheFix(this TinyNode tiny) => Assert.Single(tiny.Node.Database.Read(connection => FixStore.List(connection, openOnly: false)));

    /// <summary>Gives one answer to every open label task and does what follows; how many there were.</summary>
    public static async Task<int> AnswerAsync(this TinyNode tiny, string answer)
    {
        var tasks = tiny.Node.Database.Read(connection => LabelStore.NextTasks(connection, null, int.MaxValue));
        foreach (var task in tasks)
        {
            Assert.IsType<AnswerOutcome.Accepted>(await tiny.Node.AnswerAsync(task.Id, answer, "ann@example.org", TestContext.Current.CancellationToken));
        }

        await tiny.SettleAsync();
        return tasks.Count;
    }
}
