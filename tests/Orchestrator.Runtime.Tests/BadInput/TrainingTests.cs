using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A trainer that cannot train ends its fix with the located reason; datasets and champion are as they were.</summary>
public sealed class TrainingTests : IDisposable
{
    private const string OneClass = "rules/pets.model.yaml:4:8: TRAIN006 ";

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_that_leave_one_class_fail_the_training_and_the_rebuilt_dataset_is_undone()
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(30, 0, 3, 1));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var before = _tiny.Node.Versions.Current("pets")!.Id;

        Assert.Equal(3, await _tiny.AnswerAsync("cat"));

        var fix = _tiny.TheFix();
        Assert.Equal(FixState.Compensated, fix.State);
        Assert.Contains($"Retrain: {OneClass}", fix.Reason, StringComparison.Ordinal);
        Assert.Equal(before, _tiny.Node.Versions.Current("pets")!.Id);
        AssertNoModel();
    }

    [Fact]
    public async Task Rows_of_one_class_fail_the_fix_before_anything_is_changed()
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(30, 0, 0, 1));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        var fix = _tiny.TheFix();
        Assert.Equal(FixState.Failed, fix.State);
        Assert.Contains("the labelled rows of pets are of fewer than two classes", fix.Reason, StringComparison.Ordinal);
        Assert.Contains("rules/pets.monitor.yaml:5:9: DATA020 pets: label errors need rows of at least two classes; they have no number", _tiny.Problems("pets"));
        AssertNoModel();
    }

    [Theory]
    [InlineData("id,x,y,kind\na,1,1,cat\nb,2,2,cat\n", OneClass)]
    [InlineData("id,x,y,kind\na,1,1,\nb,2,2,\n", "rules/pets.model.yaml:4:8: TRAIN004 ")]
    [InlineData("id,kind\na,cat\nb,dog\n", "rules/pets.model.yaml:4:8: TRAIN005 ")]
    public async Task A_first_training_that_cannot_be_says_where_and_why(string rows, string told)
    {
        await Pets.OpenAsync(_tiny, rows);

        var error = await Assert.ThrowsAsync<DatasetException>(() => _tiny.Node.TrainFirstAsync("pets", "ann@example.org", Cancel));

        Assert.StartsWith(told, error.Message, StringComparison.Ordinal);
        AssertNoModel();
    }

    public void Dispose() => _tiny.Dispose();

    private void AssertNoModel()
    {
        Assert.Empty(_tiny.Node.Database.Read(ModelStore.Models));
        Assert.Null(_tiny.Node.Database.Read(connection => ChampionStore.Champion(connection, "pets")));
        Assert.DoesNotContain(_tiny.Node.Database.Read(EffectStore.Open), effect => effect.State == "parked");
    }
}
