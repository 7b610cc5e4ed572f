using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>
/// What a plan says of its own effect. 20 cats and 20 dogs are from the east, 30 cats that are called dogs from the west, and one cat of the east is there twice;
/// so a champion that does not know where a pet is from calls every one a dog, and is right in 20 of the 40 that it is judged by.
/// </summary>
public sealed class PreviewTests : IDisposable
{
    private const string Monitor = """
        monitor: pets
        model: pets
        every: 1d
        datasets:
          pets: {connection: data, path: pets.csv, split: train, roles: {id: id, label: kind, features: [FEATURES]}}
          shown: {connection: data, path: shown.csv, split: test, roles: {id: id, label: kind, features: [FEATURES]}}
        segments: [from]
        metrics: [data]
        min_rows: 3
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Changes of rows that the patch makes, rows of 71 that are left, and the accuracy before and, between two bounds, with them. At the place of the cats are 21 cats and the 30 from the west:
    /// without these they are cats again, and nearly all of them where so many dogs are drawn as there are cats, some of the east among them. A model that sees where a pet is from tells the 30 apart from the beginning.
    /// </summary>
    [Theory]
    [InlineData("operation = \"quarantine\", segment = \"from = 'west'\"", "x, y", 30, 41, 0.5, 1.0, 1.0, GateVerdict.Promote)]
    [InlineData("operation = \"drop\", segment = \"from = 'west'\"", "x, y", 30, 41, 0.5, 1.0, 1.0, GateVerdict.Promote)]
    [InlineData("operation = \"rebalance\"", "x, y", 29, 42, 0.5, 0.9, 1.0, GateVerdict.Promote)]
    [InlineData("operation = \"dedupe\"", "x, y", 1, 70, 0.5, 0.5, 0.5, GateVerdict.Hold)]
    [InlineData("operation = \"drop_feature\", feature = \"from\"", "x, y, from", 0, 71, 1.0, 0.5, 0.5, GateVerdict.Reject)]
    public async Task A_change_that_is_known_beforehand_is_tried_out_and_nothing_of_it_is_kept(
        string operation, string features, int changes, int rows, double before, double least, double most, GateVerdict verdict)
    {
        var prediction = await PredictedAsync(operation, features: features);

        var trial = prediction.Trial!;
        Assert.Equal(("model_accuracy", before, verdict), (prediction.Metric, prediction.Before!.Value, trial.Gate.Verdict));
        Assert.InRange(prediction.Expected!.Value, least, most);
        Assert.Equal((changes, (long)rows, 40, 0), (trial.Changes, trial.Rows, trial.Evaluation.Overall.Rows, trial.Evaluation.TrainedIds));
        Assert.Equal($"tried out on {rows} rows of pets as they are now; on 40 rows of shown", prediction.Basis);
        Assert.Equal("from = 'east'", Assert.Single(trial.Evaluation.Segments).Predicate);
        Assert.NotNull(trial.Evaluation.Overall.Challenger.Accuracy);
        Assert.Equal(prediction.Expected, trial.Evaluation.Overall.Challenger.Values["model_accuracy"]);

        Assert.Single(_tiny.Node.Database.Read(connection => DatasetVersionStore.List(connection, "pets")));
        Assert.Single(_tiny.Node.Database.Read(connection => ModelStore.List(connection, "pets")));
        Assert.Empty(Directory.GetDirectories(_tiny.Node.Workspace.Attempts, "preview-*"));
    }

    [Theory]
    [InlineData("operation = \"drop\", segment = \"from = 'south'\"", "", "not computed: 0 of 71 rows of pets would leave it; allowed: at least one, and never all")]
    [InlineData("operation = \"dedupe\"", "preview: false", "not computed: the rule does without (preview: false)")]
    [InlineData("operation = \"drop_feature\", feature = \"z\"", "", "not computed: pets has no feature \"z\"; there are x, y, from")]
    public async Task What_was_not_computed_says_why(string operation, string field, string told)
    {
        var prediction = await PredictedAsync(operation, field);

        Assert.Equal((null, told), (prediction.Trial, prediction.Basis));
    }

    [Fact]
    public async Task What_trains_by_command_is_not_tried_out_and_a_workflow_that_changes_no_rows_has_nothing_to_try()
    {
        _tiny.Outside = "runners: {ours: {command: [/bin/true]}}";
        var prediction = await PredictedAsync("operation = \"dedupe\"", model: Pets.Model.Replace("runner: mlnet, dataset", "runner: ours, dataset", StringComparison.Ordinal).Replace(", parameters: {trainer: linear}", "", StringComparison.Ordinal));
        Assert.Equal("not computed: ours trains by command; only what mlnet trains is tried out beforehand", prediction.Basis);
    }

    public void Dispose() => _tiny.Dispose();

    /// <param name="operation">Constant inputs of the one rebuild of the workflow.</param>
    /// <param name="field">A further field of the rule.</param>
    private async Task<PredictedEffect> PredictedAsync(string operation, string field = "", string? model = null, string features = "x, y, from")
    {
        var inputs = operation.Split(", ").Select(part => part.Split(" = ", 2)).ToDictionary(part => part[0], part => part[1].Trim('"'), StringComparer.Ordinal);
        inputs["dataset"] = "pets";
        await Pets.OpenAsync(_tiny, "id,x,y,kind\nc00,0,0,cat\nd00,9,9,dog\n");
        await _tiny.Node.Revisions.SyncAsync(Cancel);
        _tiny.Author("workflows/flow.json", SpineRig.Flow(("Orchestrator.RebuildDataset", inputs)));
        _tiny.Author("rules/pets.monitor.yaml", Monitor.Replace("FEATURES", features, StringComparison.Ordinal));
        _tiny.Author("rules/pets.rules.yaml", Pets.Rules.Replace("relabel-rebuild-retrain", "flow", StringComparison.Ordinal)
            .Replace("inputs: {model: pets, dataset: pets, label_budget: 3}", "inputs: {dataset: pets}", StringComparison.Ordinal)
            .Replace("approval: auto", field.Length > 0 ? field : "approval: required", StringComparison.Ordinal));
        var rows = Pets.Rows(20, 20, 30, 3).TrimEnd().Split('\n');
        var east = rows.Skip(1).First(line => line.StartsWith('c'));
        _tiny.Author("data/pets.csv", string.Concat(rows.Append($"z{east}").Select((line, i) => i == 0 ? $"{line},from\n" : $"{line},{(line.StartsWith('w') ? "west" : "east")}\n")));
        var shown = Pets.Rows(20, 20, 0, 7).TrimEnd().Split('\n');
        _tiny.Author("data/shown.csv", string.Concat(shown.Select((line, i) => i == 0 ? $"{line},from\n" : $"s{line},east\n")));
        await _tiny.ReadAsync("RULE209");
        await _tiny.Node.TrainFirstAsync("pets", "ann@example.org", Cancel);
        if (model is not null)
        {
            _tiny.Author("rules/pets.model.yaml", model);
            await _tiny.ReadAsync("RULE209");
        }

        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var fix = _tiny.TheFix();
        Assert.True(fix.Plan is not null, fix.Reason);
        return fix.Plan.Prediction;
    }
}
