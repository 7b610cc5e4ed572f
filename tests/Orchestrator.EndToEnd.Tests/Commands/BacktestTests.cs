using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Orchestrator.Cli;
using Orchestrator.EndToEnd.Tests.Rehearsal;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class BacktestTests : IDisposable
{
    private const string Rules = """
        groups:
          - name: tiny
            interval: 1h
            rules:
              - alert: Errors
                expr: errors > 0.1
                for: 1h
                labels: {severity: warning}
                then: {workflow: relabel, dedup: [model], inputs: {label_budget: 50}}
              - record: errors:half
                expr: errors / 2

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // By hand: above 0.1 from 2h on, firing an hour later until 6h; then 8h to 10h.
    [Fact]
    public async Task Over_files_it_says_what_would_have_fired_and_what_that_costs()
    {
        var ended = await Ended.RunAsync("backtest", Write(Rules), "--history", History(), "--period", "1h", "--json", "--out", _folder["out"]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        using var json = JsonDocument.Parse(ended.Output);
        var report = json.RootElement.GetProperty("report");
        Assert.Equal((11, 100), (report.GetProperty("evaluations").GetInt32(), report.GetProperty("label_cost").GetInt32()));
        Assert.Equal(
            ["2026-01-05T03:00:00+00:00 2026-01-05T06:00:00+00:00", "2026-01-05T09:00:00+00:00 2026-01-05T10:00:00+00:00"],
            report.GetProperty("alerts").EnumerateArray().Select(alert => $"{alert.GetProperty("fired_at")} {alert.GetProperty("resolved_at")}"));
        Assert.Equal(6, (await File.ReadAllLinesAsync(_folder["out/transitions.jsonl"], Cancel)).Length);
        Assert.Equal(["tiny.Errors.png", "tiny.Errors.svg", "tiny.errors_half.png", "tiny.errors_half.svg", "transitions.jsonl"], Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Against_another_revision_it_says_what_comes_and_what_goes()
    {
        Write(Rules);
        LibGit2Sharp.Repository.Init(_folder["source"]);
        using (var repository = new LibGit2Sharp.Repository(_folder["source"]))
        {
            CommitAll(repository);
        }

        Write(Rules.Replace("> 0.1", "> 0.25", StringComparison.Ordinal));
        var ended = await Ended.RunAsync("backtest", _folder["source/rules"], "--history", History(), "--period", "1h", "--against", "HEAD");
        Assert.Equal((1, ""), (ended.ExitCode, ended.Error));
        Assert.Contains("Against the other revision: -50 labels", ended.Output, StringComparison.Ordinal);
        var lines = ended.Output.Split('\n').Select(line => line.Trim()).ToList();
        Assert.Contains(lines, line => line.StartsWith('-') && line.Contains("2026-01-05 09:00", StringComparison.Ordinal) && line.Contains("2026-01-05 10:00", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith('-') && line.Contains("relabel", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith('+') && line.Contains("2026-01-05 04:00", StringComparison.Ordinal) && line.Contains("2026-01-05 06:00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_revision_makes_no_difference()
    {
        Write(Rules);
        LibGit2Sharp.Repository.Init(_folder["source"]);
        using var repository = new LibGit2Sharp.Repository(_folder["source"]);
        CommitAll(repository);
        var ended = await Ended.RunAsync("backtest", _folder["source/rules/tiny.rules.yaml"], "--history", History(), "--period", "1h", "--against", "HEAD");
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Against the other revision: no difference.", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the path of the rules is missing", "--history", "h.csv")]
    [InlineData("does not exist", "none", "--history", "h.csv")]
    [InlineData("HIST001", "source/rules", "--history", "none.csv")]
    [InlineData("no revision \"nothing\"", "source/rules", "--history", "h.csv", "--against", "nothing")]
    [InlineData("\"1x\" is no period", "source/rules", "--history", "h.csv", "--period", "1x")]
    public async Task What_cannot_be_run_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        Write(Rules);
        LibGit2Sharp.Repository.Init(_folder["source"]);
        History();
        var ended = await Ended.RunAsync(["backtest", .. arguments.Select(argument => argument.Contains('.', StringComparison.Ordinal) || argument.Contains('/', StringComparison.Ordinal) ? _folder[argument] : argument)]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_over_files_says_the_value_the_threshold_and_the_flip()
    {
        Write(Rules);
        var ended = await Ended.RunAsync("explain", "Errors", "--rules", _folder["source/rules"], "--history", History(), "--period", "1h", "--at", "2026-01-05T02:00:00Z", "--labels", "model=\"m\"");
        Assert.Equal(
            (0, "Errors {model=\"m\"} at 2026-01-05 02:00: holds\nerrors > 0.1: 0.2 > 0.1 holds; -0.1 (to 0.1) flips it\nTo no longer hold it takes: errors > 0.1 by -0.1.\n\n"), (ended.ExitCode, ended.Output));
        Assert.Equal(1, (await Ended.RunAsync("explain", "Errors", "--rules", _folder["source/rules"], "--history", History(), "--labels", "model=\"n\"")).ExitCode);
    }

    // The server plays the demo's story in three days, then its own log is replayed.
    [Fact]
    public async Task The_log_of_a_server_is_replayed_byte_for_byte()
    {
        var scenario = await ThreeDays.WriteAsync(_folder, "{in_memory: true}", Cancel);
        string[] arguments = ["exec", typeof(Terminal).Assembly.Location, "serve", "--play", scenario, "--workspace", _folder["live"], "--port", "0", "--once"];
        using (var server = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var said = server.StandardOutput.ReadToEndAsync(Cancel);
            var wrong = server.StandardError.ReadToEndAsync(Cancel);
            Assert.True(server.WaitForExit(Patience) && server.ExitCode == 0, $"{await said}\n{await wrong}");
        }

        var ended = await Ended.RunAsync("backtest", "--workspace", _folder["live"], "--out", _folder["out"]);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var logged = Logged();
        Assert.True(logged.Count >= 3, $"only {logged.Count} transitions were logged");
        Assert.Contains($"The replay gives the {logged.Count} transitions that were logged, byte for byte.", ended.Output, StringComparison.Ordinal);
        Assert.Equal(string.Concat(logged.Select(line => line + "\n")), await File.ReadAllTextAsync(_folder["out/transitions.jsonl"], Cancel));
        Assert.Contains(Directory.GetFiles(_folder["out"]), file => file.EndsWith("LabelErrors.png", StringComparison.Ordinal));

        // The same rules from their folder are those of then.
        var same = await Ended.RunAsync("backtest", Path.Combine(Orchestrator.EndToEnd.Tests.Repository.Root, "rules"), "--workspace", _folder["live"]);
        Assert.Equal((0, ""), (same.ExitCode, same.Error));
        Assert.Contains("byte for byte", same.Output, StringComparison.Ordinal);

        // With another threshold the alert does not come.
        var rules = await File.ReadAllTextAsync(Path.Combine(Orchestrator.EndToEnd.Tests.Repository.Root, "rules", "digits.rules.yaml"), Cancel);
        _folder.Write("other/digits.rules.yaml", rules.Replace("> 0.05", "> 0.95", StringComparison.Ordinal));
        var other = await Ended.RunAsync("backtest", _folder["other"], "--workspace", _folder["live"], "--json");
        using var json = JsonDocument.Parse(other.Output);
        Assert.Equal((0, 0), (other.ExitCode, json.RootElement.GetProperty("report").GetProperty("alerts").GetArrayLength()));

        var explained = await Ended.RunAsync("explain", "LabelErrors", "--workspace", _folder["live"], "--at", "2026-01-05T06:00:00Z");
        Assert.Equal((0, ""), (explained.ExitCode, explained.Error));
        Assert.Contains("data_label_error_ratio", explained.Output, StringComparison.Ordinal);
    }

    private List<string> Logged()
    {
        using var database = Database.Open(Path.Combine(_folder["live"], "orchestrator.db"), TimeProvider.System);
        return [.. database.Read(connection => connection.Query<string>("select body from alert_transition order by evaluation, position"))];
    }

    private static void CommitAll(LibGit2Sharp.Repository repository)
    {
        LibGit2Sharp.Commands.Stage(repository, "*");
        var author = new LibGit2Sharp.Signature("author", "author@example.org", DateTimeOffset.UnixEpoch);
        repository.Commit("rules", author, author, new LibGit2Sharp.CommitOptions());
    }

    private string Write(string rules)
    {
        _folder.Write("source/rules/tiny.rules.yaml", rules);
        return _folder["source/rules"];
    }

    private string History()
    {
        double[] values = [0, 0.05, 0.2, 0.3, 0.3, 0.3, 0, 0, 0.2, 0.2, 0];
        return _folder.Write("h.csv", "time,metric,model,value\n" + string.Concat(values.Select((value, i) => FormattableString.Invariant($"2026-01-05T{i:00}:00:00Z,errors,m,{value}\n"))));
    }
}
