using System.Diagnostics;
using Orchestrator.Cli;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.EndToEnd.Tests.Rehearsal;

public sealed class Kill9StoryTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promise_2_the_live_story_killed_ten_times_loses_nothing_and_counts_nothing_twice()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var scenario = await ThreeDays.WriteAsync(_folder, "{in_memory: true}", Cancel);
        var rehearsed = ThreeDays.RehearsedAsync(Cancel);
        for (var kill = 1; kill <= Kills; kill++)
        {
            output.WriteLine($"kill {kill}: {await KillAsync(scenario, random)}");
        }

        using var last = Start(scenario);
        var said = await last.StandardOutput.ReadToEndAsync(Cancel);
        Assert.True(last.WaitForExit(Patience) && last.ExitCode == 0, $"{said}\n{await last.StandardError.ReadToEndAsync(Cancel)}");

        using var database = Database.Open(Path.Combine(_folder["live"], "orchestrator.db"), TimeProvider.System);
        (await rehearsed).IsWhatBecameOf(database);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts the server and kills it with SIGKILL at a random moment: of its start once in five times, else of the story; its last line.</summary>
    private async Task<string> KillAsync(string scenario, Random random)
    {
        using var server = Start(scenario);
        var line = "nothing yet";
        var isStory = random.Next(5) > 0;
        while (isStory && !line.StartsWith("Orchestrator answers", StringComparison.Ordinal))
        {
            line = await server.StandardOutput.ReadLineAsync(Cancel) ?? throw new InvalidOperationException(await server.StandardError.ReadToEndAsync(Cancel));
        }

        using var time = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(200, 2000)), TimeProvider.System);
        await server.WaitForExitAsync(time.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        server.Kill();
        var rest = await server.StandardOutput.ReadToEndAsync(Cancel);
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? line;
    }

    private Process Start(string scenario)
    {
        string[] arguments = ["exec", typeof(Terminal).Assembly.Location, "serve", "--play", scenario, "--workspace", _folder["live"], "--port", "0", "--once"];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
