using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Activities;

/// <summary>The bodies of relabel, rebuild, retrain, evaluate, gate and promote, one after the other on the demo's rows.</summary>
public sealed class RepairLoopTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Relabelling_a_quarter_of_the_rows_closes_most_of_the_gap_and_can_be_undone()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        var first = await digits.TrainAsync();
        await digits.PromoteAsync(first);

        var suspects = await SuspectsAsync(digits, ("Budget", 225));
        await AssertFoundAsync(suspects);
        var patch = await digits.AnswerAsync(suspects);
        var rebuilt = Completed(await digits.RunAsync(digits.Rebuild, "rebuild", ("Dataset", "digits-train"), ("Patch", patch)), "Done");
        var retrained = Completed(
            await digits.RunAsync(
                digits.Retrain, "retrain", ("Model", "digits"), ("Dataset", "digits-train"), ("DatasetVersion", Text(rebuilt, "DatasetVersion"))),
            "Succeeded");
        var evaluated = Completed(await digits.RunAsync(digits.Evaluate, "evaluate", ("Model", "digits"), ("Challenger", Text(retrained, "Challenger"))), "Done");
        var (before, after) = (evaluated.Outputs["Champion"].GetDouble(), evaluated.Outputs["Metric"].GetDouble());
        Assert.InRange(before, 0.84, 0.89);
        Assert.True(after - before >= 0.8 * (await CeilingAsync(digits) - before), $"from {before} only to {after}");

        Completed(await digits.RunAsync(digits.Gate, "gate", ("Model", "digits"), ("Evaluation", Text(evaluated, "Evaluation"))), "Promote");
        (string, object)[] promote = [("Model", "digits"), ("Challenger", Text(retrained, "Challenger")), ("Digest", Text(retrained, "Digest"))];
        Assert.Equal("digits-1", Text(Completed(await digits.RunAsync(digits.Promote, "promote", promote), "Done"), "Previous"));
        Assert.Equal(Text(retrained, "Challenger"), Champion(digits));

        Assert.IsType<ActivityResult.Completed>(await digits.Promote.UndoAsync(Undo("promote"), Cancel));
        Assert.IsType<ActivityResult.Completed>(await digits.Rebuild.UndoAsync(Undo("rebuild"), Cancel));
        Assert.Equal("digits-1", Champion(digits));
        Assert.Equal(suspects.Version, digits.Versions.Current("digits-train")!.Id);
    }

    [Fact]
    public async Task Rows_that_a_person_confirmed_are_not_asked_for_again()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        var asked = await SuspectsAsync(digits, ("Budget", 225));
        var patch = await digits.AnswerAsync(asked);
        await digits.RunAsync(digits.Rebuild, "rebuild", ("Dataset", "digits-train"), ("Patch", patch));

        var result = (ActivityResult.Completed)await digits.RunAsync(digits.FindSuspects, "again", ("Dataset", "digits-train"), ("Budget", 225));
        var again = Json.Read<SuspectList>(await digits.Artifacts.ReadTextAsync(Text(result, "Suspects"), Cancel));

        Assert.Empty(again.Rows.Select(row => row.Id).Intersect(asked.Rows.Select(row => row.Id)));
    }

    [Fact]
    public async Task A_budget_in_rounds_is_asked_for_in_parts_until_it_is_spent_or_yields_too_little()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        (string, object)[] rounds = [("Dataset", "digits-train"), ("Budget", 50), ("Rounds", 3), ("MinYield", 0.2)];
        async Task<ActivityResult.Completed> FindAsync(params (string, object)[] inputs) =>
            (ActivityResult.Completed)await digits.RunAsync(digits.FindSuspects, "find", [.. rounds, .. inputs]);

        Assert.Equal(("Found", 17, false), Round(await FindAsync()));
        Assert.Equal(("Found", 16, true), Round(await FindAsync(("Asked", 34), ("Answered", 17), ("Changed", 17))));
        Assert.Equal(("None", 0, true), Round(await FindAsync(("Asked", 50), ("Answered", 16), ("Changed", 16))));
        Assert.Equal(("None", 0, true), Round(await FindAsync(("Asked", 17), ("Answered", 17), ("Changed", 3))));
        var error = await Assert.ThrowsAsync<ActivityInputException>(() => FindAsync(("Rounds", 0)));
        Assert.Equal("a budget of 50 rows in 0 rounds cannot be asked for; allowed: at least 1 row and 1 round", error.Message);
        error = await Assert.ThrowsAsync<ActivityInputException>(() => FindAsync(("Method", "ensembel")));
        Assert.Equal(
            "the method \"ensembel\" is not known; allowed: label_errors, normalized_margin, self_confidence, confident_learning, ensemble; did you mean ensemble?", error.Message);
        error = await Assert.ThrowsAsync<ActivityInputException>(() => FindAsync(("MinYield", 20)));
        Assert.Equal("the input MinYield is 20; allowed: a share from 0 to 1", error.Message);

        static (string, int, bool) Round(ActivityResult.Completed found) => (found.Outcome, found.Outputs["Count"].GetInt32(), found.Outputs["HasAsked"].GetBoolean());
    }

    [Fact]
    public async Task Suspects_of_a_segment_lie_in_it_and_an_unknown_segment_is_told_with_those_there_are()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        var list = await SuspectsAsync(digits, ("Budget", 20), ("Segment", "digit='8'"));

        Assert.Equal(20, list.Rows.Length);
        Assert.All(list.Rows, row => Assert.Equal("8", row.Given));
        var none = await digits.RunAsync(digits.FindSuspects, "find", ("Dataset", "digits-train"), ("Budget", 20), ("Segment", "digit = 'x'"));
        Assert.StartsWith("no row lies in the segment digit = 'x'; there are digit = '0', digit = '1'", Assert.IsType<ActivityResult.Failed>(none).Message, StringComparison.Ordinal);
    }

    /// <summary>108 of the 225 rows of the darkest quarter are wrong; the digits' lighter pictures tell which.</summary>
    [Fact]
    public async Task Suspects_of_a_segment_in_doubt_are_told_by_the_rows_outside_of_it()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        var truth = DemoData.Truth((await DemoData.FilesAsync(Cancel)).TrainTruth);

        var list = await SuspectsAsync(digits, ("Budget", 120), ("Segment", "ink = 'q4'"));

        Assert.InRange(list.Rows.Count(row => truth[row.Id] != row.Given), 97, 108);
    }

    [Fact]
    public async Task What_did_not_pass_the_gate_is_not_promoted_by_a_workflow()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        var version = await digits.TrainAsync();

        var result = await digits.RunAsync(digits.Promote, "promote", ("Model", "digits"), ("Challenger", version.Id), ("Digest", version.Digest));

        Assert.Equal(new ActivityResult.Failed($"the artifact {version.Digest} did not pass the gate of digits", Retryable: false), result);
        Assert.Null(Champion(digits));
    }

    [Fact]
    public async Task Served_rows_that_were_trained_on_make_the_gate_reject()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        digits.ServeTrainingRows(7);
        var version = await digits.TrainAsync();
        var evaluated = Completed(await digits.RunAsync(digits.Evaluate, "evaluate", ("Model", "digits"), ("Challenger", version.Id)), "Done");

        var gate = Completed(await digits.RunAsync(digits.Gate, "gate", ("Model", "digits"), ("Evaluation", Text(evaluated, "Evaluation"))), "Reject");

        Assert.StartsWith("7 rows of digits-production are among the training rows of digits-1", Text(gate, "Reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_cannot_train_fails_with_its_place_in_the_model_file()
    {
        using var digits = await DigitsWorkspace.OpenAsync("""
            model: digits
            task: multiclass
            labels: human
            train: {runner: mlnet, dataset: digits-train, parameters: {leave: 5, trainer: boosted}}
            score: {runner: mlnet}
            evaluate: {dataset: digits-production}
            gate: {metric: model_accuracy}
            """);

        var result = await digits.RunAsync(digits.Retrain, "retrain", ("Model", "digits"), ("Dataset", "digits-train"));

        var message = Assert.IsType<ActivityResult.Failed>(result).Message;
        Assert.Equal(
            "digits.model.yaml:4:8: TRAIN002 unknown parameter \"leave\" of boosted; allowed: trainer, rounds, leaves, learning_rate, min_rows_per_leaf, seed, word_ngrams, char_ngrams, min_rows_per_term, max_terms; did you mean leaves?",
            message);
    }

    [Fact]
    public async Task Training_under_one_key_twice_registers_one_version()
    {
        using var digits = await DigitsWorkspace.OpenAsync();
        (string, object)[] inputs = [("Model", "digits"), ("Dataset", "digits-train")];
        var first = Completed(await digits.RunAsync(digits.Retrain, "retrain", inputs), "Succeeded");
        var again = Completed(await digits.RunAsync(digits.Retrain, "retrain", inputs), "Succeeded");

        Assert.Equal((Text(first, "Challenger"), Text(first, "Digest")), (Text(again, "Challenger"), Text(again, "Digest")));
        Assert.Single(digits.Database.Read(connection => ModelStore.List(connection, "digits")));
    }

    private static async Task<SuspectList> SuspectsAsync(DigitsWorkspace digits, params (string, object)[] inputs)
    {
        var found = Completed(await digits.RunAsync(digits.FindSuspects, "find", [("Dataset", "digits-train"), .. inputs]), "Found");
        return Json.Read<SuspectList>(await digits.Artifacts.ReadTextAsync(Text(found, "Suspects"), Cancel));
    }

    /// <summary>At least 85 % of the wrong labels are among the rows, and at least 85 % of the flagged ones are wrong.</summary>
    private static async Task AssertFoundAsync(SuspectList list)
    {
        var truth = DemoData.Truth((await DemoData.FilesAsync(Cancel)).TrainTruth);
        var wrong = list.Rows.Count(row => truth[row.Id] != row.Given);
        var flagged = list.Rows.Where(row => row.Flagged).ToList();
        Assert.InRange(wrong, 153, 180);
        Assert.True(flagged.Count(row => truth[row.Id] != row.Given) >= 0.85 * flagged.Count, $"{flagged.Count} flagged");
    }

    /// <summary>The accuracy of the same training on the true labels.</summary>
    private static async Task<double> CeilingAsync(DigitsWorkspace digits)
    {
        var files = await DemoData.FilesAsync(Cancel);
        var (truth, late) = (DemoData.Truth(files.TrainTruth), DemoData.Truth(files.ProductionTruth));
        var spec = TrainerSpec.Read(digits.Authored.Model("digits")!.Train!.Parameters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
        var scorer = Scorer.Load(Trainer.Train(spec, DemoData.Rows(DemoData.Lines(files.Train), row => truth[row[0]]), Cancel));
        var rows = DemoData.Rows([.. files.Batches.SelectMany(DemoData.Lines)], row => late[row[0]]);
        return scorer.Probabilities(rows).Zip(rows.Labels).Average(pair => scorer.Prediction(pair.First) == pair.Second ? 1.0 : 0.0);
    }

    private static ActivityResult.Completed Completed(ActivityResult result, string outcome)
    {
        Assert.True(result is ActivityResult.Completed, result.ToString());
        Assert.Equal(outcome, ((ActivityResult.Completed)result).Outcome);
        return (ActivityResult.Completed)result;
    }

    private static string Text(ActivityResult.Completed result, string output) => result.Outputs[output].GetString()!;

    private static UndoCall Undo(string key) =>
        new($"undo-{key}", key, System.Collections.Immutable.ImmutableSortedDictionary<string, JsonElement>.Empty,
            System.Collections.Immutable.ImmutableSortedDictionary<string, JsonElement>.Empty, DigitsWorkspace.Now);

    private static string? Champion(DigitsWorkspace digits) => digits.Database.Read(connection => ChampionStore.Champion(connection, "digits"));
}
