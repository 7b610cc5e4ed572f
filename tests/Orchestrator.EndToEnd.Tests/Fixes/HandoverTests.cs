using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.EndToEnd.Tests.Commands;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.EndToEnd.Tests.Fixes;

/// <summary>Repairs by hand from the command line: what goes out and what comes back.</summary>
public sealed class HandoverTests(LiveServer server) : IClassFixture<LiveServer>, IDisposable
{
    private const string Monitor = """
        monitor: tiny
        model: tiny
        every: 365d
        datasets:
          tiny-train: {connection: data, path: pets.csv, split: train, roles: {id: id, label: kind, features: [x]}}
          tiny-test: {connection: data, path: shown.csv, split: test, roles: {id: id, label: kind, features: [x]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private const string Model = """
        model: tiny
        task: multiclass
        labels: human
        train: {runner: mlnet, dataset: tiny-train, parameters: {trainer: linear}}
        score: {runner: mlnet}
        evaluate: {dataset: tiny-test}
        gate: {metric: model_accuracy, min_gain: 0.005}
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_and_dataset_go_out_and_the_repaired_dataset_is_the_next_plan()
    {
        await ProposeAsync("h1", names: true);
        await SayAsync(0, "export", "h1", "--out", _folder.Path);
        Assert.Equal("id,given_label,suggested_label,score,flagged,x,kind\nr2,cat,dog,0.75,true,2,cat\n", await ReadAsync("rows.csv"));
        Assert.Equal("id,x,kind\nr1,1,cat\nr2,2,cat\nr3,3,dog\n", await ReadAsync("dataset.csv"));
        Assert.Equal("h1", JsonDocument.Parse(await ReadAsync("plan.json")).RootElement.GetProperty("finding_id").GetString());
        Assert.Equal("", await ChangesAsync("h1"));

        Assert.Equal(
            "orchestrator: The fix h1 stays as it is: dataset.csv has the same rows as tiny-train: nothing was repaired. See /api/fixes/h1/export for what can be repaired.\n",
            await SayAsync(2, "applied", "h1", "--dataset", _folder["dataset.csv"]));
        _folder.Write("dataset.csv", "id,x,kind\nr1,1,cat\nr2,2,dog\nr3,3,dog\n");
        Assert.StartsWith("The fix h1 is proposed with the plan ", await SayAsync(0, "applied", "h1", "--dataset", _folder["dataset.csv"]), StringComparison.Ordinal);

        Assert.Contains("whoever edited the plan or authored the rule cannot approve it", await SayAsync(1, "approve", "h1"), StringComparison.Ordinal);
        Assert.Contains("Written to ", await SayAsync(0, "export", "h1", "--out", _folder.Path, "--format", "parquet"), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["rows.parquet"]) && File.Exists(_folder["dataset.parquet"]));
        var change = Assert.Single(DataPatch.Read(await ReadAsync("patch.json")).Changes);
        Assert.Equal(("r2", "dog"), (change.Id, Assert.IsType<RowChange.Relabel>(change).To));
        Assert.Equal("r2 relabelled [\"r2\",\"2\",\"cat\"] [\"r2\",\"2\",\"dog\"] [2]", await ChangesAsync("h1"));
    }

    [Fact]
    public async Task Label_studio_gets_the_rows_as_tasks_and_a_plan_without_rows_says_so()
    {
        await ProposeAsync("h2", names: true);
        await SayAsync(0, "export", "h2", "--out", _folder.Path, "--format", "label-studio");
        var task = JsonDocument.Parse(await ReadAsync("tasks.json")).RootElement[0].GetProperty("data");
        Assert.Equal(("r2", "cat", "2"), (task.GetProperty("task").GetString(), task.GetProperty("given_label").GetString(), task.GetProperty("x").GetString()));
        Assert.Contains("<Choice value=\"dog\"/>", await ReadAsync("tasks.xml"), StringComparison.Ordinal);

        await ProposeAsync("h3", names: false);
        Assert.Contains("The plan of the fix h3 names no rows to look at.\n", await SayAsync(0, "export", "h3", "--out", _folder["other"]), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder["other"], "rows.csv")));
    }

    [Fact]
    public async Task A_model_of_ones_own_is_registered_and_is_the_next_plan()
    {
        await ProposeAsync("h4", names: false);
        var artifact = _folder.Write("model.bin", "weights");
        var said = _folder.Write("said.csv", "id,prediction\ns1,cat\ns2,dog\n");

        await SayAsync(0, "applied", "h4", "--model", artifact, "--predictions", said);

        var plan = Find("h4").Plan!;
        Assert.Equal(("apply-model", "tiny-1"), (WorkflowDefinition.Read("plan", plan.Definition).Definition!.DefinitionId, plan.Inputs["challenger"].GetString()));
        Assert.Equal("orchestrator: say what was repaired: one of --dataset FILE and --model FILE; --predictions goes with --model\n", await SayAsync(2, "applied", "h4"));
        Assert.Equal($"orchestrator: there is no file \"{_folder["none.csv"]}\"\n", await SayAsync(2, "applied", "h4", "--dataset", _folder["none.csv"]));
    }

    public void Dispose() => _folder.Dispose();

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(_folder[name], Cancel);

    private async Task<string> SayAsync(int exitCode, params string[] words)
    {
        var ended = await Ended.RunAsync(["fixes", .. words, "--workspace", server.Workspace]);
        Assert.True(ended.ExitCode == exitCode, $"{string.Join(' ', words)} ended with {ended.ExitCode}: {ended.Output}{ended.Error}");
        return ended.Output + ended.Error;
    }

    /// <summary>What the fix does to rows, as far as the server knows.</summary>
    private async Task<string> ChangesAsync(string id)
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync($"/api/fixes/{id}/changes");
        return answer.StatusCode == HttpStatusCode.NoContent
            ? ""
            : string.Join('\n', (await Caller.JsonAsync(answer)).GetProperty("rows").EnumerateArray().Select(row =>
                $"{row.GetProperty("id").GetString()} {row.GetProperty("kind").GetString()} {row.GetProperty("before").GetRawText()} {row.GetProperty("after").GetRawText()} {row.GetProperty("changed").GetRawText()}"));
    }

    private Fix Find(string id) => server.Node.Database.Read(connection => FixStore.Find(connection, id))!;

    /// <summary>Puts a proposed fix of the tiny model into the database.</summary>
    /// <param name="names">Whether its plan names a row.</param>
    private async Task ProposeAsync(string id, bool names)
    {
        var (now, version) = (server.Node.Clocks.Now, await VersionAsync());
        ImmutableArray<Suspect> suspects = [new("r2", "cat", "dog", 0.1, 0.25, Flagged: true, Confirmed: false)];
        var evidence = new PlanEvidence([], null, ImmutableSortedDictionary<string, string>.Empty.Add("tiny-train", version), names ? await server.Node.Artifacts.PutTextAsync(Json.Write(suspects), Cancel) : null);
        var terms = new FixTerms("notify", AutoApprove: false, [], Author: null, TimeSpan.FromDays(3), Verification: null);
        var text = await File.ReadAllTextAsync(Repository.File("workflows/notify.json"), Cancel);
        var canonical = WorkflowProjection.Canonical(WorkflowDefinition.Read("notify.json", text).Definition!);
        var plan = new FixPlan(
            id, "FewRows", "revision", text, canonical, Values.Empty, evidence, new PatchLimits("tiny-train", [], 0, null), new PredictedEffect(null, null, null, "none"), "nothing is changed");
        await server.Node.Database.WriteAsync(
            transaction =>
            {
                FindingStore.Save(transaction, new Finding(id, id, "tiny", "FewRows", Labels.Empty, "revision", now));
                FixStore.Save(transaction, Fix.Evolve(null, new FixEvent.Opened(id, id, "FewRows", "tiny", id, terms) { At = now }), priority: 0, labelBudget: 0);
                return server.Node.Fixes.Handle(transaction, id, new FixCommand.Propose(plan, "rule") { At = now }, "rule");
            },
            Cancel);
    }

    /// <summary>The version of three rows, of which one has the wrong label.</summary>
    private async Task<string> VersionAsync()
    {
        server.Folder.Write("source/rules/tiny.monitor.yaml", Monitor);
        server.Folder.Write("source/rules/tiny.model.yaml", Model);
        server.Folder.Write("data/pets.csv", "id,x,kind\nr1,1,cat\nr2,2,cat\nr3,3,dog\n");
        server.Folder.Write("data/shown.csv", "id,x,kind\ns1,1,cat\ns2,3,dog\n");
        Assert.Empty((await server.Node.Revisions.SyncAsync(Cancel)).Diagnostics);
        var revision = server.Node.Revisions.Current!;
        await server.Node.Measurements.RunAsync(revision, revision.Monitor("tiny")!, server.Node.Clocks.Now, Cancel);
        return server.Node.Versions.Current("tiny-train")!.Id;
    }
}
