using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Tests.Activities;

/// <summary>The operations by which a dataset is rebuilt, each forth and back.</summary>
public sealed class RebuildTests
{
    private const string Model = """
        model: digits
        task: multiclass
        labels: observed
        train: {runner: mlnet, dataset: digits-train, parameters: {trainer: linear}}
        score: {runner: mlnet}
        evaluate: {dataset: digits-production, window: 30d, holdout: {by: id, share: 30%}}
        gate: {metric: model_accuracy, min_gain: 0.005}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Quarantined_rows_are_kept_aside_and_come_back_with_the_reversed_patch()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.TrainAsync();
        var before = digits.Versions.Current("digits-train")!;
        var eights = (await digits.Versions.RowsAsync(before, null, Cancel)).Count(row => row.Label == "8");

        var rebuilt = await RebuildAsync(digits, ("Operation", "quarantine"), ("Segment", "digit='8'"));
        var after = digits.Versions.Current("digits-train")!;

        Assert.Equal(900 - eights, rebuilt.Outputs["Rows"].GetInt64());
        Assert.Equal(eights, after.Manifest.Quarantine!.Value.Length);
        Assert.DoesNotContain(await digits.Versions.RowsAsync(after, null, Cancel), row => row.Label == "8");
        Assert.Equal(before.Id, await ReverseAsync(digits, after));
        Assert.Null(digits.Versions.Current("digits-train")!.Manifest.Quarantine);
    }

    [Fact]
    public async Task A_dropped_feature_is_gone_and_comes_back_with_the_reversed_patch()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.TrainAsync();
        var before = digits.Versions.Current("digits-train")!;

        await RebuildAsync(digits, ("Operation", "drop_feature"), ("Feature", "px_20"));
        var after = digits.Versions.Current("digits-train")!;

        Assert.DoesNotContain(after.Manifest.Columns, column => column.Name == "px_20");
        Assert.Equal(900, after.Manifest.Rows);
        Assert.Equal(before.Id, await ReverseAsync(digits, after));
    }

    [Theory]
    [InlineData("down")]
    [InlineData("up")]
    public async Task Rebalanced_classes_have_the_same_number_of_rows(string method)
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.TrainAsync();
        var before = digits.Versions.Current("digits-train")!;
        var counts = (await digits.Versions.RowsAsync(before, null, Cancel)).CountBy(row => row.Label!).Select(pair => pair.Value).ToList();

        await RebuildAsync(digits, ("Operation", "rebalance"), ("Method", method));
        var after = digits.Versions.Current("digits-train")!;

        Assert.All((await digits.Versions.RowsAsync(after, null, Cancel)).CountBy(row => row.Label!), pair => Assert.Equal(method == "up" ? counts.Max() : counts.Min(), pair.Value));
        Assert.Equal(before.Id, await ReverseAsync(digits, after));
    }

    [Fact]
    public async Task Copies_of_rows_are_dropped_and_a_dataset_without_any_stays()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.TrainAsync();
        var before = digits.Versions.Current("digits-train")!;
        await RebuildAsync(digits, ("Operation", "rebalance"), ("Method", "up"));

        await RebuildAsync(digits, ("Operation", "dedupe"));

        Assert.Equal(before.Id, digits.Versions.Current("digits-train")!.Id);
    }

    [Fact]
    public async Task A_segment_without_rows_or_an_unknown_feature_changes_nothing_and_is_told()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.TrainAsync();

        var none = await Assert.ThrowsAsync<DatasetException>(() => RebuildAsync(digits, ("Operation", "quarantine"), ("Segment", "digit='x'")));
        var feature = await Assert.ThrowsAsync<DatasetException>(() => RebuildAsync(digits, ("Operation", "drop_feature"), ("Feature", "px_64")));

        Assert.Equal("0 of 900 rows of digits-train would leave it; allowed: at least one, and never all", none.Message);
        Assert.StartsWith("digits-train has no feature \"px_64\"; there are ", feature.Message, StringComparison.Ordinal);
    }

    /// <summary>The window has the shape of a good one; its labels are those of other rows.</summary>
    [Fact]
    public async Task A_model_that_learnt_from_a_corrupted_window_is_not_promoted()
    {
        using var digits = await DigitsWorkspace.OpenAsync(Model);
        await digits.PromoteAsync(await digits.TrainAsync());
        digits.ShuffleLabels();

        var rebuilt = await RebuildAsync(digits, ("Operation", "window"), ("From", "digits-production"), ("Limit", 400));
        var challenger = await digits.TrainAsync(rebuilt.Outputs["DatasetVersion"].GetString());
        var evaluated = (ActivityResult.Completed)await digits.RunAsync(digits.Evaluate, "evaluate", ("Model", "digits"), ("Challenger", challenger.Id));
        var gated = (ActivityResult.Completed)await digits.RunAsync(digits.Gate, "gate", ("Model", "digits"), ("Evaluation", evaluated.Outputs["Evaluation"].GetString()!));

        Assert.Equal(400, rebuilt.Outputs["Rows"].GetInt64());
        Assert.NotEqual("Promote", gated.Outcome);
    }

    private static async Task<ActivityResult.Completed> RebuildAsync(DigitsWorkspace digits, params (string, object)[] inputs) =>
        Assert.IsType<ActivityResult.Completed>(await digits.RunAsync(digits.Rebuild, $"rebuild-{inputs[0].Item2}", [("Dataset", "digits-train"), .. inputs]));

    /// <summary>Applies the reverse of the patch that made a version; the id of what is current then.</summary>
    private static async Task<string> ReverseAsync(DigitsWorkspace digits, DatasetVersion version)
    {
        var patch = DataPatch.Read(await digits.Artifacts.ReadTextAsync(version.Manifest.Patch!, Cancel)).Reversed(version.Id);
        var artifact = await digits.Artifacts.PutTextAsync(patch.Write(), Cancel);
        await digits.Versions.RebuildAsync(new VersionChange("reverse", "test", DigitsWorkspace.Now), patch, artifact, Cancel);
        return digits.Versions.Current("digits-train")!.Id;
    }
}
