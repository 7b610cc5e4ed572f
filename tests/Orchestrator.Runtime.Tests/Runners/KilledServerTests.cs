using System.Globalization;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;
using Orchestrator.Runtime.Tests.Storage;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>A server that is killed while a trainer runs.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const string Trainer = """
        if [ ! -e "$OUT/first" ]; then
          sleep 600 &
          setsid sleep 600 &
          echo $$ > "$OUT/number"
          mv "$OUT/number" "$OUT/first"
          sleep 600
        fi
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_orphans_are_killed_at_the_next_start_and_the_training_is_repeated()
    {
        var attempts = _folder["workspace/attempts"];
        Directory.CreateDirectory(_folder["out"]);
        using (var server = ChildProcess.Start(ChildProcess.Command("train-until-killed", _folder.Path)))
        {
            var trainer = int.Parse(Processes.Await(_folder["out/first"]), CultureInfo.InvariantCulture);
            server.Kill(); // SIGKILL: nobody is left to end the trainer
            await server.WaitForExitAsync(Cancel);
            Assert.True(Processes.Lives(trainer), "the trainer should outlive its server");
            Assert.Equal(4, Processes.Of(attempts).Count); // the shell and three that sleep
        }

        using var tiny = await OpenAsync(_folder.Path);
        Assert.Empty(Processes.Of(attempts));
        await tiny.SettleAsync();

        var version = Assert.Single(tiny.Node.Database.Read(connection => ModelStore.List(connection, "pets")));
        Assert.Equal("pets-1", version.Id);
        Assert.Empty(Processes.Of(attempts));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The child: a server whose first training never ends.</summary>
    internal static async Task<int> TrainUntilKilledAsync(string folder)
    {
        using var tiny = await OpenAsync(folder);
        await tiny.MoveAsync(TimeSpan.FromDays(1));
        return 0;
    }

    private static async Task<TinyNode> OpenAsync(string folder)
    {
        var tiny = new TinyNode(TempFolder.Of(folder)).WithStep(OneStep.Retrain);
        await CommandedPets.OpenAsync(tiny, $"OUT={tiny.PathOf("out")}\n{Trainer}\n{CommandedPets.GoodTrainer}", "timeout: 5m");
        return tiny;
    }
}
