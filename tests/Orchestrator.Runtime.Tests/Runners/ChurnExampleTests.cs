using System.Diagnostics;
using System.Globalization;
using System.Text;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.Addresses;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>The worked example of the contract: a trainer and a scorer that need Python's standard library only.</summary>
public sealed class ChurnExampleTests : IDisposable
{
    private const string Model = """
        model: churn
        task: {type: binary, positive: churned, threshold: 0.35}
        labels: observed
        train: {runner: churn-train, dataset: churn-train, parameters: {rounds: 2000, decay: 0}, timeout: 2m, needs: {memory: 1GiB}}
        score: {runner: churn-score}
        """;

    private const string Monitor = """
        monitor: churn
        model: churn
        every: 1d
        datasets:
          churn-train: {connection: data, path: churn.csv, split: train, roles: {id: customer, label: outcome, features: [plan, "say, \"why\""]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_plan_gets_its_own_share_of_those_who_churned()
    {
        await OpenAsync();
        var id = await _tiny.Node.TrainFirstAsync("churn", "ann@example.org", Cancel);
        var version = _tiny.Node.Database.Read(connection => ModelStore.Find(connection, id))!;

        FeatureRows rows = new(["p", "q"], [new FeatureColumn.Category("plan", ["year, paid", "month"]), new FeatureColumn.Numeric("say, \"why\"", [0, double.NaN])], ["churned", "stayed"]);
        var folder = Directory.CreateDirectory(_tiny.PathOf("workspace/attempts/score")).FullName;
        var scores = await _tiny.Node.Scoring.ScoreAsync(new ScoringRequest(_tiny.Node.Authored.Model("churn")!, version, rows, folder), Cancel);

        // With one category and no decay the likeliest logistic regression gives each category its share: 4 of 20, and 14 of 20.
        Assert.Equal(["stayed", "churned"], scores.Classes);
        Assert.Equal(0.2, scores.Probabilities[0][1], 0.005);
        Assert.Equal(0.7, scores.Probabilities[1][1], 0.005);
        Assert.Equal(0.3, scores.Probabilities[1][0], 0.005);
        Assert.True(scores.Seconds is >= 0 and < 10);
        Assert.Empty(Processes.Of(_tiny.PathOf("workspace/attempts")));
    }

    [Fact]
    public async Task Rows_of_one_outcome_are_refused_in_the_trainers_own_words()
    {
        await OpenAsync(_ => "stayed");

        var error = await Assert.ThrowsAsync<Orchestrator.Runtime.Datasets.DatasetException>(() => _tiny.Node.TrainFirstAsync("churn", "ann@example.org", Cancel));

        Assert.Equal(
            "rules/churn.model.yaml:4:8: RUN006 churn-train: it ended with exit code 1; it printed last:\n40 rows with 0 times \"churned\": rows of both classes are needed", error.Message);
    }

    [Fact]
    public async Task A_training_that_is_handed_on_is_told_by_a_signed_callback()
    {
        _tiny.Author("secrets/runner", "opensesame\n").WithStep(OneStep.Retrain);
        _tiny.Author("rules/churn.rules.yaml", (await File.ReadAllTextAsync(_tiny.PathOf("rules/pets.rules.yaml"), Cancel)).Replace("dataset: pets", "dataset: churn-train", StringComparison.Ordinal).Replace("pets", "churn", StringComparison.Ordinal)
            .Replace("dataset=\\\"churn\\\"", "dataset=\\\"churn-train\\\"", StringComparison.Ordinal).Replace("dataset=\"churn\"", "dataset=\"churn-train\"", StringComparison.Ordinal));
        _tiny.Remove("rules/pets.rules.yaml");
        await OpenAsync(trainer: "submit.py], environment: [CHURN_JOBS], secret_file: secrets/runner, directory");
        using var server = new LocalListener(_ => 200);
        var jobs = _tiny.PathOf("jobs");
        Environment.SetEnvironmentVariable("CHURN_JOBS", jobs);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var job = Assert.Single(Directory.GetFiles(jobs));

        await RunAsync(Path.Combine(Example, "worker.py"), $"http://localhost:{server.Port}", _tiny.PathOf("secrets/runner"), "--once");

        var told = Assert.Single(server.Requests);
        var (id, body) = (Path.GetFileNameWithoutExtension(job), Encoding.UTF8.GetBytes(told.Body));
        var head = new SignedHead(told.Headers["webhook-id"], told.Headers["webhook-timestamp"], told.Headers["webhook-signature"]);
        Assert.Equal((ElsewhereDesk.Path + id, id), (told.Path, head.Id));
        Assert.True(Signature.Holds("opensesame", head, DateTimeOffset.FromUnixTimeSeconds(long.Parse(head.Timestamp, CultureInfo.InvariantCulture)), body));
        Assert.Empty(Directory.GetFiles(jobs));

        var at = _tiny.Real.GetUtcNow(); // the node's clock is the test's
        await _tiny.Node.Elsewhere.TakeAsync(id, new SignedHead(id, Signature.Seconds(at), Signature.Of("opensesame", id, at, body)), body, Cancel);
        await _tiny.SettleAsync();
        Assert.Equal("churn-1", Assert.Single(_tiny.Node.Database.Read(connection => ModelStore.List(connection, "churn"))).Id);
    }

    public void Dispose() => _tiny.Dispose();

    private static string Example => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(DemoData.Digits)!, "..", "..", "rules", "examples", "churn"));

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, said);
    }

    private async Task OpenAsync(Func<int, string>? outcome = null, string trainer = "train.py], directory")
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))), "there is no python3");
        _tiny.Outside = $$"""
            runners:
              churn-train: {command: [python3, {{trainer}}: "{{Example}}"}
              churn-score: {command: [python3, score.py], directory: "{{Example}}"}
            """;
        outcome ??= row => row % 20 < (row < 20 ? 4 : 14) ? "churned" : "stayed";
        var lines = Enumerable.Range(0, 40).Select(row => string.Create(CultureInfo.InvariantCulture, $"c{row:00},{(row < 20 ? "\"year, paid\"" : "month")},0,{outcome(row)}\n"));
        _tiny.Author("rules/churn.model.yaml", Model).Author("rules/churn.monitor.yaml", Monitor);
        _tiny.Author("data/churn.csv", "customer,plan,\"say, \"\"why\"\"\",outcome\n" + string.Concat(lines));
        await _tiny.OpenAsync();
    }
}
