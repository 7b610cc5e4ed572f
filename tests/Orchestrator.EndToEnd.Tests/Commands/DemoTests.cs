namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class DemoTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_example_gets_its_rows_beside_its_files()
    {
        _folder.Write("churn.model.yaml", "model: churn");

        var ended = await Ended.RunAsync("demo", _folder.Path);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(901, (await File.ReadAllLinesAsync(_folder["data/train.csv"], TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_folder_without_a_demo_is_told_what_one_holds()
    {
        var ended = await Ended.RunAsync("demo", _folder.Path);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("digits.csv.gz or churn.model.yaml or intents.model.yaml", ended.Error, StringComparison.Ordinal);
    }
}
