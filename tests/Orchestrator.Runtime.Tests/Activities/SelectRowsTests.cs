using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Activities;

/// <summary>Selecting rows that were served, and adding them to what a model learns from.</summary>
public sealed class SelectRowsTests
{
    private const string Model = """
        model: digits
        task: multiclass
        labels: human
        train: {runner: mlnet, dataset: digits-train, parameters: {trainer: linear}}
        score: {runner: mlnet}
        evaluate: {dataset: digits-production, window: 30d, holdout: {by: id, share: 30%}}
        gate: {metric: model_accuracy}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("uncertain")]
    [InlineData("diverse")]
    [InlineData("newest")]
    [InlineData("similar")]
    public async Task Selected_rows_are_learnt_from_and_none_of_them_is_compared_on(string strategy)
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.PromoteAsync(await digits.TrainAsync());
        var list = await SelectAsync(digits, "Labelled", ("Budget", 60), ("Strategy", strategy));
        var before = digits.Versions.Current("digits-train")!;

        var rebuilt = Completed(await AddAsync(digits, list.Artifact), "Done");
        var challenger = await digits.TrainAsync();
        var evaluated = Completed(await digits.RunAsync(digits.Evaluate, "evaluate", ("Model", "digits"), ("Challenger", challenger.Id)), "Done");
        var evaluation = Json.Read<ModelEvaluation>(await digits.Artifacts.ReadTextAsync(evaluated.Outputs["Evaluation"].GetString()!, Cancel));

        Assert.Equal(60, list.Rows.Rows.DistinctBy(row => row.Id).Count());
        Assert.Equal(960, rebuilt.Outputs["Rows"].GetInt64());
        Assert.Equal((0, 0), (evaluation.TrainedIds, evaluation.TrainedContents));
        Assert.InRange(evaluation.Overall.Rows, 240, 300);
        Assert.IsType<ActivityResult.Completed>(await digits.Rebuild.UndoAsync(new UndoCall("undo", "add", Core.Workflows.Values.Empty, Core.Workflows.Values.Empty, DigitsWorkspace.Now), Cancel));
        Assert.Equal(before.Id, digits.Versions.Current("digits-train")!.Id);
    }

    [Fact]
    public async Task What_was_selected_before_is_not_selected_again()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        var first = await SelectAsync(digits, "Labelled", ("Budget", 60), ("Strategy", "diverse"));
        await AddAsync(digits, first.Artifact);
        var second = await SelectAsync(digits, "Labelled", ("Budget", 60), ("Strategy", "diverse"));

        Assert.Empty(first.Rows.Rows.Select(row => row.Id).Intersect(second.Rows.Rows.Select(row => row.Id)));
    }

    [Fact]
    public async Task Rows_of_a_segment_are_of_it()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        var list = await SelectAsync(digits, "Labelled", ("Budget", 10), ("Segment", "digit='8'"), ("Strategy", "diverse"));

        Assert.All(list.Rows.Rows, row => Assert.Equal("8", row.Given));
    }

    [Fact]
    public async Task Rows_whose_label_nobody_knows_are_for_people_and_added_once_they_answered()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        digits.ForgetLabels();
        var list = await SelectAsync(digits, "Found", ("Budget", 3), ("Strategy", "diverse"));
        var rows = list.Rows.Rows;
        var answers = DataPatch.Of("digits-production", "", rows.Take(2).Select(row => new RowChange.Relabel(row.Id, row.Content, "", "4")));
        var artifact = await digits.Artifacts.PutTextAsync(answers.Write(), Cancel);

        await AddAsync(digits, list.Artifact, ("Patch", artifact));

        Assert.All(rows, row => Assert.Equal("", row.Given));
        var added = await digits.Versions.RowsAsync(digits.Versions.Current("digits-train")!, rows.Select(row => row.Id), Cancel);
        Assert.Equal(rows.Take(2).Select(row => (row.Id, "4")).Order(), added.Select(row => (row.Id, row.Label!)).Order());
    }

    [Fact]
    public async Task Where_versions_are_compared_on_all_rows_none_can_be_selected_and_the_model_file_is_named()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model.Replace(", window: 30d, holdout: {by: id, share: 30%}", "", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<DatasetException>(() => SelectAsync(digits, "Labelled", ("Budget", 3)));

        Assert.StartsWith("digits.model.yaml:6:21: TRAIN040 versions of digits are compared on all rows of digits-production", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random", 3, "the strategy \"random\" is not known; allowed: uncertain, diverse, similar, newest")]
    [InlineData("diverse", 0, "a budget of 0 selects nothing; allowed: at least 1 row")]
    public async Task What_cannot_be_selected_is_told(string strategy, int budget, string message)
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        var error = await Assert.ThrowsAsync<ActivityInputException>(() => SelectAsync(digits, "Labelled", ("Budget", budget), ("Strategy", strategy)));

        Assert.Equal(message, error.Message);
    }

    private static async Task<(string Artifact, SuspectList Rows)> SelectAsync(DigitsWorkspace digits, string outcome, params (string, object)[] inputs)
    {
        var done = Completed(await digits.RunAsync(digits.SelectRows, "select", [("Dataset", "digits-train"), ("From", "digits-production"), .. inputs]), outcome);
        var artifact = done.Outputs["SelectedRows"].GetString()!;
        return (artifact, Json.Read<SuspectList>(await digits.Artifacts.ReadTextAsync(artifact, Cancel)));
    }

    private static Task<ActivityResult> AddAsync(DigitsWorkspace digits, string rows, params (string, object)[] inputs) =>
        digits.RunAsync(digits.Rebuild, "add", [("Dataset", "digits-train"), ("Operation", "add"), ("SelectedRows", rows), .. inputs]);

    private static ActivityResult.Completed Completed(ActivityResult result, string outcome)
    {
        Assert.Equal(outcome, Assert.IsType<ActivityResult.Completed>(result).Outcome);
        return (ActivityResult.Completed)result;
    }
}
