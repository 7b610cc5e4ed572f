using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Server;

namespace Orchestrator.EndToEnd.Tests.Commands;

/// <summary>A version that was trained elsewhere, from the command line to the champion.</summary>
public sealed class RegisterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_version_is_registered_judged_promoted_and_rolled_back()
    {
        await using var server = await StartAsync();
        var (artifact, said) = (_folder.Write("model.bin", "weights"), _folder.Write("said.csv", "id,prediction\n" + Rows(row => row % 2 == 0 ? "yes" : "no")));

        // printf weights | sha256sum
        Assert.Equal(
            "answers-1 is registered with the digest 9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c\n",
            await SayAsync(0, "models", "register", "answers", "--artifact", artifact, "--predictions", said));
        Assert.Equal("Promote: the first version has model_accuracy 1 on 40 rows\n", await SayAsync(0, "models", "gate", "answers", "answers-1"));
        Assert.Equal("answers-1 serves; before: none\n", await SayAsync(0, "models", "promote", "answers", "answers-1", "--reason", "the first"));

        var bad = _folder.Write("bad.csv", "id,prediction\n" + Rows(_ => "no"));
        await SayAsync(0, "models", "register", "answers", "--artifact", artifact, "--predictions", bad, "--metrics", _folder.Write("m.json", "{\"auc\": 0.9}"));
        Assert.StartsWith("Reject: ", await SayAsync(1, "models", "gate", "answers", "answers-2"), StringComparison.Ordinal);
        Assert.Equal("", await SayAsync(1, "models", "promote", "answers", "answers-2", "--reason", "hope"));
        Assert.Equal("answers-2 serves; before: answers-1\n", await SayAsync(0, "models", "promote", "answers", "answers-2", "--reason", "hope", "--override-gate"));
        Assert.Equal("answers-1 serves\n", await SayAsync(0, "models", "rollback", "answers", "--reason", "despair"));

        var shown = JsonDocument.Parse(await SayAsync(0, "models", "answers", "--json")).RootElement;
        var reasons = shown.GetProperty("history").EnumerateArray().Select(move => move.GetProperty("reason").GetString());
        Assert.Equal(["the first", "the gate, which said reject, was overridden: hope", "despair"], reasons);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_model_that_nobody_knows_are_said_so()
    {
        await using var server = await StartAsync();
        var artifact = _folder.Write("model.bin", "weights");
        var missing = await Ended.RunAsync("models", "register", "answers", "--artifact", _folder["none"], "--workspace", _folder["workspace"]);
        var unknown = await Ended.RunAsync("models", "register", "others", "--artifact", artifact, "--workspace", _folder["workspace"]);

        Assert.Equal((2, $"orchestrator: there is no file \"{_folder["none"]}\"\n"), (missing.ExitCode, missing.Error));
        Assert.Equal((2, "orchestrator: There is no model file of \"others\". See /api/revisions for those that exist.\n"), (unknown.ExitCode, unknown.Error));
    }

    public void Dispose() => _folder.Dispose();

    private static string Rows(Func<int, string> answer) => string.Concat(Enumerable.Range(0, 40).Select(row => $"r{row:00},{answer(row)}\n"));

    private async Task<ServerHost> StartAsync()
    {
        _folder.Write("source/rules/answers.model.yaml", "model: answers\ntask: multiclass\nevaluate: {dataset: asked}\ngate: {metric: model_accuracy, min_gain: 0.005}\n");
        _folder.Write("source/rules/answers.monitor.yaml", """
            monitor: answers
            model: answers
            every: 365d
            datasets:
              asked: {connection: data, path: asked.csv, split: test, roles: {id: id, label: answer}}
            metrics: [data_rows]
            min_rows: 1
            """);
        _folder.Write("data/asked.csv", "id,answer,x\n" + Rows(row => $"{(row % 2 == 0 ? "yes" : "no")},{row}"));
        var config = _folder.Write("orchestrator.yaml", "folder: source\nstorage: {sqlite: workspace/orchestrator.db}\nconnections: {data: {folder: data}}\n");
        return await ServerHost.StartAsync(new ServerOptions(_folder["workspace"]) { Config = config, LogLevel = LogLevel.None }, TestContext.Current.CancellationToken);
    }

    private async Task<string> SayAsync(int exitCode, params string[] words)
    {
        var ended = await Ended.RunAsync([.. words, "--workspace", _folder["workspace"]]);
        Assert.True(ended.ExitCode == exitCode, $"{string.Join(' ', words)} ended with {ended.ExitCode}: {ended.Output}{ended.Error}");
        return ended.Output;
    }
}
