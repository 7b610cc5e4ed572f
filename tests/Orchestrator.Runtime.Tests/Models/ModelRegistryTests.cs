using Orchestrator.Core.Series;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Models;

/// <summary>Versions that were trained elsewhere, and promotion by hand.</summary>
public sealed class ModelRegistryTests : IDisposable
{
    private const string Model = """
        model: pets
        task: multiclass
        labels: human
        evaluate: {dataset: shown}
        gate: {metric: model_accuracy, min_gain: 0.005}
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_with_predictions_is_compared_by_row_id_and_promoted_by_hand()
    {
        await OpenAsync();
        var version = await RegisterAsync("weights", wrong: 4);

        var answer = await _tiny.Node.AskGateAsync("pets", version.Id, Cancel);

        Assert.Equal(new GateAnswer("pets-1", "Promote", "the first version has model_accuracy 0.9 on 40 rows"), answer); // 36 of 40
        Assert.IsType<ChampionOutcome.Moved>(await PromoteAsync(version, overridesGate: false));
        Assert.Equal("pets-1", Champion());
        Assert.Equal(0.9, _tiny.Node.Database.Read(connection => ModelStore.Find(connection, "pets-1"))!.Metrics["model_accuracy"], 12);
    }

    [Fact]
    public async Task A_worse_version_is_rejected_and_serves_only_where_the_gate_is_overridden_which_the_audit_shows()
    {
        await OpenAsync();
        var good = await RegisterAsync("good", wrong: 0);
        await _tiny.Node.AskGateAsync("pets", good.Id, Cancel);
        await PromoteAsync(good, overridesGate: false);
        var bad = await RegisterAsync("bad", wrong: 20);

        var answer = await _tiny.Node.AskGateAsync("pets", bad.Id, Cancel);

        Assert.Equal("Reject", answer.Verdict);
        Assert.StartsWith("model_accuracy goes from 1 to 0.5 on 40 rows; it is no chance", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(new ChampionOutcome.Refused("the gate said reject"), await PromoteAsync(bad, overridesGate: false));
        Assert.Equal("pets-1", Champion());

        await PromoteAsync(bad, overridesGate: true);

        Assert.Equal("pets-2", Champion());
        var audited = Assert.Single(_tiny.Node.Database.Read(connection => AuditStore.Latest(connection, 1)));
        Assert.Equal(("ann@example.org", "model.promotion"), (audited.Actor, audited.Action));
        Assert.Contains("the gate, which said reject, was overridden: a trial", audited.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_files_are_one_version()
    {
        await OpenAsync();

        Assert.Equal((await RegisterAsync("weights", 0)).Id, (await RegisterAsync("weights", 0)).Id);
        Assert.Equal("pets-2", (await RegisterAsync("others", 0)).Id);
    }

    [Fact]
    public async Task What_cannot_be_used_is_not_registered()
    {
        await OpenAsync();
        var artifact = await _tiny.Node.Artifacts.PutTextAsync("weights", Cancel);
        var kinds = await _tiny.Node.Artifacts.PutTextAsync("id,kind\na,cat\n", Cancel);

        Assert.Contains("there are the columns id, kind; allowed: CSV or Parquet", await RefusedAsync(new("pets", artifact, kinds, null, null, null)), StringComparison.Ordinal);
        Assert.Contains("is not there", await RefusedAsync(new("pets", Digest.Of("never sent"), null, null, null, null)), StringComparison.Ordinal);
        Assert.Equal("no model file names a model \"petz\"", await RefusedAsync(new("petz", artifact, null, null, null, null)));
        Assert.Equal("the dataset \"pets\" has no version 77", await RefusedAsync(new("pets", artifact, null, null, "pets", "77")));
        Assert.Empty(_tiny.Node.Database.Read(ModelStore.Models));
    }

    [Fact]
    public async Task One_without_predictions_and_without_a_scoring_command_cannot_be_compared()
    {
        await OpenAsync();
        var artifact = await _tiny.Node.Artifacts.PutTextAsync("weights", Cancel);
        var version = await _tiny.Node.Registry.RegisterAsync(new("pets", artifact, null, null, null, null), "ann@example.org", TinyNode.Start, Cancel);

        var error = await Assert.ThrowsAsync<DatasetException>(() => _tiny.Node.AskGateAsync("pets", version.Id, Cancel));

        Assert.Contains("TRAIN033 pets-1 was not trained in the box and came with no predictions", error.Message, StringComparison.Ordinal);
        Assert.Equal(new ChampionOutcome.Refused("the gate was never asked about it"), await PromoteAsync(version, overridesGate: false));
    }

    public void Dispose() => _tiny.Dispose();

    private async Task OpenAsync()
    {
        _tiny.Author("rules/pets.model.yaml", Model).Author("rules/pets.monitor.yaml", Pets.Monitor);
        _tiny.Author("data/pets.csv", Pets.Rows(30, 30, 0, 1)).Author("data/shown.csv", Pets.Rows(20, 20, 0, 7));
        await _tiny.OpenAsync();
    }

    /// <summary>Registers a version that says something wrong of the first rows that it is asked about.</summary>
    private async Task<ModelVersion> RegisterAsync(string weights, int wrong)
    {
        var truth = (await File.ReadAllLinesAsync(_tiny.PathOf("data/shown.csv"), Cancel)).Skip(1).Select(line => line.Split(',')).OrderBy(cells => cells[0], StringComparer.Ordinal);
        var said = truth.Select((cells, row) => $"{cells[0]},{(row < wrong ? "dog" : cells[3])}\n"); // the first twenty are cats
        var artifact = await _tiny.Node.Artifacts.PutTextAsync(weights, Cancel);
        var predictions = await _tiny.Node.Artifacts.PutTextAsync("id,prediction\n" + string.Concat(said), Cancel);
        return await _tiny.Node.Registry.RegisterAsync(new("pets", artifact, predictions, null, null, null), "ann@example.org", TinyNode.Start, Cancel);
    }

    private Task<ChampionOutcome> PromoteAsync(ModelVersion version, bool overridesGate) => _tiny.Node.Registry.PromoteAsync(
        new ChampionChange($"hand:{version.Id}:{overridesGate}", "pets", "ann@example.org", "a trial", TinyNode.Start), version.Id, overridesGate, Cancel);

    private string? Champion() => _tiny.Node.Database.Read(connection => ChampionStore.Champion(connection, "pets"));

    private async Task<string> RefusedAsync(Registration wish) =>
        (await Assert.ThrowsAsync<DatasetException>(() => _tiny.Node.Registry.RegisterAsync(wish, "ann@example.org", TinyNode.Start, Cancel))).Message;
}
