using System.Diagnostics;

namespace Orchestrator.EndToEnd.Tests.Commands;

/// <summary>The command line as the process that people start.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(1, "check", "rules")]
    [InlineData(2, "bogus")]
    [InlineData(2, "rehearse", "none.scenario.yaml")]
    public async Task The_exit_code_is_the_verdict_and_nobody_sees_a_stack_trace(int exitCode, params string[] arguments)
    {
        using var folder = new TempFolder();
        folder.Write("rules/odd.rules.yaml", "groups: 7");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "orchestrator.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(exitCode, process.ExitCode);
        Assert.DoesNotContain("   at ", await output + await error, StringComparison.Ordinal);
        Assert.Equal(exitCode == 2, (await error).StartsWith("orchestrator: ", StringComparison.Ordinal));
    }
}
