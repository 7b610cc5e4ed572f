using System.Text.Json;
using Orchestrator.EndToEnd.Tests.Commands;

namespace Orchestrator.EndToEnd.Tests.Monitors;

public sealed class MeasureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("warning", 1)]
    [InlineData("critical", 0)]
    public async Task A_pipeline_is_gated_by_the_severity_of_the_alerts_that_hold(string failOn, int exitCode)
    {
        var ended = await MeasureAsync("--fail-on", failOn);
        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Error));
        Assert.Matches("FewRows +warning +pending +10 +only 10 rows", ended.Output);
    }

    [Fact]
    public async Task Without_a_severity_to_fail_on_it_only_tells()
    {
        var ended = await MeasureAsync("--json");
        var measured = JsonElement.Parse(ended.Output);
        Assert.Equal(0, ended.ExitCode);
        Assert.True(measured.GetProperty("any").GetBoolean());
        Assert.Equal(10, measured.GetProperty("alerts")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task What_could_not_be_measured_is_no_pass()
    {
        var config = TinySource.Write(_folder);
        File.Delete(_folder["data/train.csv"]);
        var ended = await Ended.RunAsync("measure", "--monitor", "tiny", "--config", config, "--fail-on", "critical");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("tiny.monitor.yaml:4:", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_monitor_that_does_not_exist_is_named()
    {
        var ended = await Ended.RunAsync("measure", "--monitor", "huge", "--config", TinySource.Write(_folder));
        Assert.Equal((2, "orchestrator: There is no monitor in force \"huge\". See /api/monitors for those that exist.\n"), (ended.ExitCode, ended.Error));
    }

    [Fact]
    public async Task Measuring_out_of_turn_opens_no_finding()
    {
        await MeasureAsync("--fail-on", "warning");
        var ended = await Ended.RunAsync("findings", "--workspace", _folder["workspace"]);
        Assert.Equal((0, "No findings.\n"), (ended.ExitCode, ended.Output));
    }

    private Task<Ended> MeasureAsync(params string[] more) =>
        Ended.RunAsync(["measure", "--monitor", "tiny", "--config", TinySource.Write(_folder), .. more]);
}
