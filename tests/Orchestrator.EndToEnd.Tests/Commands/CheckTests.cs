using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class CheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_without_a_fault_pass()
    {
        var config = TinySource.Write(_folder);
        var ended = await Ended.RunAsync("check", _folder["source"], "--config", config);
        Assert.Equal((0, "2 files checked: 0 errors, 0 warnings\n", ""), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Theory]
    [InlineData("rules")]
    [InlineData("rules/examples/churn")]
    [InlineData("rules/examples/intents")]
    public async Task What_the_project_authors_itself_is_clean(string folder)
    {
        var ended = await Ended.RunAsync("check", Repository.File(folder));

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.EndsWith(" 0 errors, 0 warnings\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_in_workflows_that_a_folder_shares_is_located_where_they_lie()
    {
        TinySource.Write(_folder);
        _folder.Write("source/workflows/broken.json", "{");

        var ended = await Ended.RunAsync("check", _folder["source/rules"]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(Path.Combine("source", "workflows", "broken.json") + ":1:", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("rules/../workflows", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("source/rules/tiny.rules.yaml")]
    public async Task A_fault_is_located_as_its_author_sees_the_file(string path)
    {
        TinySource.Write(_folder);
        _folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("    for:", "    fro:", StringComparison.Ordinal));
        var ended = await Ended.RunAsync("check", _folder[path]);
        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith($"{_folder["source/rules/tiny.rules.yaml"]}:6:9: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("did you mean for?", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_checked_together_with_those_that_it_speaks_of()
    {
        TinySource.Write(_folder);
        _folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("tiny-train", "tiny-tarin", StringComparison.Ordinal));
        var rules = await Ended.RunAsync("check", _folder["source/rules/tiny.rules.yaml"], "--json");
        var report = JsonElement.Parse(rules.Output);
        Assert.Equal("tiny-train", report.GetProperty("diagnostics")[0].GetProperty("nearest").GetString());

        var monitor = await Ended.RunAsync("check", _folder["source/rules/tiny.monitor.yaml"]);
        Assert.Equal((0, "1 file checked: 0 errors, 0 warnings\n"), (monitor.ExitCode, monitor.Output));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_fault_and_no_crash()
    {
        _folder.Write("rules/odd.rules.yaml", "");
        await File.WriteAllBytesAsync(_folder["rules/odd.rules.yaml"], [0x67, 0x3A, 0xC3, 0x28], TestContext.Current.CancellationToken);
        var ended = await Ended.RunAsync("check", _folder["rules/odd.rules.yaml"]);
        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith($"{_folder["rules/odd.rules.yaml"]}:1:3: YAML004 ", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.rules.yaml", "does not exist")]
    [InlineData("notes.txt", "is not the name of an authored file")]
    [InlineData("", "holds no authored files")]
    public async Task What_cannot_be_checked_is_no_pass(string path, string sentence)
    {
        var ended = await Ended.RunAsync("check", _folder[path]);
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_are_written_as_SARIF()
    {
        TinySource.Write(_folder);
        _folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("data_rows{", "data_rowz{", StringComparison.Ordinal).Replace("owner:", "clear: data_missing_ratio > 2\n        owner:", StringComparison.Ordinal));
        var ended = await Ended.RunAsync("check", _folder["source"], "--format", "sarif");

        Assert.Equal(1, ended.ExitCode);
        var sarif = JsonElement.Parse(ended.Output);
        Assert.Equal("2.1.0", sarif.GetProperty("version").GetString());
        var run = Assert.Single(sarif.GetProperty("runs").EnumerateArray());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.All(results, result => Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()));
        var error = results.Single(result => result.GetProperty("ruleId").GetString() == "RULE102");
        Assert.Equal("error", error.GetProperty("level").GetString());
        var place = error.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.EndsWith("source/rules/tiny.rules.yaml", place.GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Equal((5, 15), (place.GetProperty("region").GetProperty("startLine").GetInt32(), place.GetProperty("region").GetProperty("startColumn").GetInt32()));
        Assert.Contains("did you mean data_rows?", error.GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("warning", results.Single(result => result.GetProperty("ruleId").GetString() == "RULE201").GetProperty("level").GetString());
    }

    [Fact]
    public async Task Warnings_count_only_where_that_is_asked_for()
    {
        TinySource.Write(_folder);
        _folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("< 11", "< 0", StringComparison.Ordinal));
        Assert.Equal(0, (await Ended.RunAsync("check", _folder["source"])).ExitCode);
        Assert.Equal(1, (await Ended.RunAsync("check", _folder["source"], "--strict")).ExitCode);
    }

    [Fact]
    public async Task Rules_are_expanded_to_PromQL()
    {
        var ended = await Ended.RunAsync("check", Repository.File("rules/digits.rules.yaml"), "--expand");
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(
            $"{Repository.File("rules/digits.rules.yaml")}:6: LabelErrors: data_label_error_ratio{{dataset=\"digits-train\",model=\"digits\"}} > 0.05 and on (model) data_rows{{dataset=\"digits-train\",model=\"digits\"}} >= 200 "
            + "and on (model) model_accuracy{dataset=\"digits-production\",model=\"digits\"} < 0.93; clear: data_label_error_ratio{dataset=\"digits-train\"} < 0.04; results: 1",
            ended.Output.Split('\n')[0]);
    }

    [Fact]
    public async Task A_secret_in_the_operators_file_is_told_without_being_shown()
    {
        var config = TinySource.Write(_folder);
        await File.AppendAllTextAsync(config, "\n# postgres://me:hunter2@db.example.org/dw\n", TestContext.Current.CancellationToken);
        var ended = await Ended.RunAsync("check", config);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(":5:3: SEC001 an address with a password stands here in plain text", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", ended.Output, StringComparison.Ordinal);
    }
}
