using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class TestCommandTests : IDisposable
{
    // What promtool says of its own files; other files of the folder are compared with an installed promtool only.
    private static readonly Dictionary<string, int> Known = new(StringComparer.Ordinal)
    {
        ["unittest.yml"] = 0, ["no-test-group-interval.yml"] = 0, ["long-period.yml"] = 0, ["at-modifier-test.yml"] = 0, ["negative-offset-test.yml"] = 0, ["start-time-test.yml"] = 0,
        ["failing.yml"] = 1, ["bad-input-series.yml"] = 1, ["bad-promql.yml"] = 1, ["bad-rules-error-test.yml"] = 1, ["bad-rules-syntax-test.yml"] = 1,
        ["rules_run.yml"] = 1, ["rules_run_fuzzy.yml"] = 1, ["rules_run_no_fuzzy.yml"] = 1, ["rules_run_extrafields.yml"] = 1,
        ["rules.yml"] = 1, ["rules_duplicates.yml"] = 1, ["rules_extrafields.yml"] = 1, ["bad-rules-error.yml"] = 1, ["bad-rules-syntax.yml"] = 1,
    };

    // What Debian's promtool 2.42 does not know: it says so of fields; an absent interval it takes for none at all.
    private static readonly string[] Newer = ["fuzzy_compare", "start_timestamp", "external_url", "{{sum", "{{schema", "{{count"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Promtools_own_files_get_promtools_exit_code()
    {
        var files = Directory.GetFiles(Promtool(), "*.y*ml").Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files.Where(file => Known.ContainsKey(Path.GetFileName(file))))
        {
            var ended = await Ended.RunAsync("test", file);
            Assert.True(Known[Path.GetFileName(file)] == ended.ExitCode, $"{file}: exit code {ended.ExitCode}\n{ended.Output}{ended.Error}");
        }
    }

    [Fact]
    public async Task An_installed_promtool_says_the_same()
    {
        var tool = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(tool is null, "promtool is not installed: apt-get install prometheus");
        foreach (var file in Directory.GetFiles(Promtool(), "*.y*ml").Order(StringComparer.Ordinal))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            if (Array.Find(Newer, word => text.Contains(word, StringComparison.Ordinal)) is { } newer || text.Contains("no-test-group", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith("no-test-group", StringComparison.Ordinal))
            {
                TestContext.Current.SendDiagnosticMessage($"not compared, newer than the installed promtool: {file}");
                continue;
            }

            var ended = await Ended.RunAsync("test", file);
            Assert.True(await ExitCodeAsync(tool!, file) == ended.ExitCode, $"{file}: promtool and we differ\n{ended.Output}{ended.Error}");
        }
    }

    // Cases of our own on which verdicts could differ; each is run by both where promtool is installed.
    [Theory]
    [InlineData(0, "alert_rule_test: [{eval_time: 1m, alertname: A, exp_alerts: [{exp_labels: {a: b}, exp_annotations: {s: 'b at 2'}}]}]")]
    [InlineData(1, "alert_rule_test: [{eval_time: 1m, alertname: A, exp_alerts: [{exp_labels: {a: b, none: ''}, exp_annotations: {s: 'b at 2'}}]}]")]
    [InlineData(1, "alert_rule_test: [{eval_time: 1m, alertname: A, exp_alerts: [{exp_labels: {a: b}}]}]")]
    [InlineData(0, "alert_rule_test: [{eval_time: 0m, alertname: A, exp_alerts: []}]")]
    [InlineData(0, "alert_rule_test: [{eval_time: 89s, alertname: A, exp_alerts: [{exp_labels: {a: b}, exp_annotations: {s: 'b at 2'}}]}]")]
    [InlineData(1, "alert_rule_test: [{eval_time: 1m, exp_alerts: []}]")]
    [InlineData(0, "promql_expr_test: [{expr: 'x * 2', eval_time: 1m, exp_samples: [{labels: '{a=\"b\"}', value: 4}]}]")]
    [InlineData(1, "promql_expr_test: [{expr: 'x * 2', eval_time: 1m, exp_samples: [{labels: 'x{a=\"b\"}', value: 4}]}]")]
    [InlineData(0, "promql_expr_test: [{expr: 'time()', eval_time: 1m, exp_samples: [{value: 60}]}]")]
    [InlineData(1, "promql_expr_test: [{expr: 'x[5m]', eval_time: 1m}]")]
    [InlineData(1, "promql_expr_test: [{expr: 'x{', eval_time: 1m}]")]
    [InlineData(0, "promql_expr_test: [{expr: 'y', eval_time: 1m, exp_samples: [{labels: y, value: 1}]}]")]
    [InlineData(0, "promql_expr_test: [{expr: 'y', eval_time: 90s, exp_samples: [{labels: y, value: 1}]}]")]
    [InlineData(1, "promql_expr_test: [{expr: 'x', eval_time: 1m, exp_samples: [{labels: 'x{a=\"b\"}', value: .nan}]}]")]
    [InlineData(0, "promql_expr_test: [{expr: 'ALERTS', eval_time: 1m, exp_samples: [{labels: 'ALERTS{a=\"b\", alertname=\"A\", alertstate=\"firing\"}', value: 1}]}]")]
    [InlineData(1, "fix: []")]
    public async Task A_verdict_is_promtools(int exitCode, string test)
    {
        _folder.Write("a.yml", "groups: [{name: g, rules: [{alert: A, expr: x > 1, annotations: {s: '{{ $labels.a }}{{ if gt $value 1.0 }} at {{ $value }}{{ end }}'}}, {record: y, expr: count(x)}]}]\n");
        _folder.Write("t.yml", $$"""
            rule_files: ['a.y?l', 'none*.yml']
            tests:
              - interval: 1m
                input_series: [{series: 'x{a="b"}', values: 1 2}]
                {{test}}
            """);
        Assert.Equal(exitCode, (await Ended.RunAsync("test", _folder["t.yml"])).ExitCode);
        var tool = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.Equal(exitCode, tool is null ? exitCode : await ExitCodeAsync(tool, _folder["t.yml"]));
    }

    [Theory]
    [InlineData("rules", 3, 11)]
    [InlineData("rules/examples/churn", 1, 3)]
    [InlineData("rules/examples/intents", 1, 2)]
    public async Task The_projects_own_tests_pass(string folder, int atLeastFiles, int atLeastTests)
    {
        var ended = await Ended.RunAsync("test", Repository.File(folder), "--json");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        using var report = JsonDocument.Parse(ended.Output);
        Assert.True(report.RootElement.GetArrayLength() >= atLeastFiles);
        Assert.True(report.RootElement.EnumerateArray().Sum(file => file.GetProperty("tests").GetInt32()) >= atLeastTests);
    }

    [Fact]
    public async Task A_failure_is_located_and_says_what_differs()
    {
        _folder.Write("a.rules.yaml", "groups: [{name: g, rules: [{alert: A, expr: x > 1, then: {workflow: w, inputs: {n: '{{ $value }}'}}}]}]\n");
        _folder.Write("a.test.yaml", """
            rule_files: [a.rules.yaml]
            tests:
              - name: one
                input_series: [{series: x, values: 2}]
                fix_test: [{alertname: A, exp_fixes: [{workflow: w, inputs: {n: 3}}]}]
              - name: two
                input_series: [{series: x, values: 1}]
                fix_test: [{alertname: A, exp_fixes: []}]
            """);
        var file = _folder["a.test.yaml"];
        var ended = await Ended.RunAsync("test", file);
        Assert.Equal(
            (1, $"{file}:5:16: TEST001 one: fixes of A at 0s; expected: w{{n=3}}; got: w{{n=\"2\"}}\n{file}: FAILED\n1 file, 2 tests: 1 of the files failed\n"), (ended.ExitCode, ended.Output));
        Assert.Equal((0, $"{file}: 1 test passed\n1 file, 1 test: all passed\n"), (await Ended.RunAsync("test", file, "--run", "^two$")) is var two ? (two.ExitCode, two.Output) : default);
    }

    private static string Promtool()
    {
        var folder = Environment.GetEnvironmentVariable("PROMTOOL_TESTDATA") ?? Shared();
        Assert.SkipWhen(folder is null || !Directory.Exists(folder), $"promtool's test files are absent: {folder ?? "no folder above the tests holds shared/conformance/promtool"}, and PROMTOOL_TESTDATA is not set");
        return folder!;
    }

    private static string? Shared()
    {
        var root = Environment.GetEnvironmentVariable("ORCHESTRATOR_SHARED") is { Length: > 0 } named ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); root is null && folder is not null; folder = folder.Parent)
        {
            root = Directory.Exists(Path.Combine(folder.FullName, "shared", "conformance")) ? Path.Combine(folder.FullName, "shared") : null;
        }

        return root is null ? null : Path.Combine(root, "conformance", "promtool");
    }

    private static async Task<int> ExitCodeAsync(string tool, string file)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(["test", "rules", file], start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(output, error);
        return process.ExitCode;
    }
}
