using Microsoft.Extensions.Logging;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server;

namespace Orchestrator.EndToEnd.Tests.Rehearsal;

/// <summary>The demo as it stands: three stories side by side, a week.</summary>
internal static class WholeDemo
{
    /// <summary>The stories' models and monitors, which have the same names.</summary>
    public static readonly string[] Models = ["digits", "forms", "cheques"];

    /// <summary>Writes scenarios, data and configuration into a folder; the paths of the scenarios.</summary>
    /// <param name="transport">The operator's choice of the bus.</param>
    public static async Task<string[]> WriteAsync(TempFolder folder, string transport, CancellationToken cancellation)
    {
        var demo = Path.Combine(Repository.Root, "deploy", "demo");
        var digits = Path.Combine(demo, "digits.csv.gz");
        await DigitsDemo.WriteAsync(digits, folder["data"], 1, cancellation);
        await ScannerDemo.WriteAsync(digits, folder[Path.Combine("data", "drift")], 2, cancellation);
        await ReleaseDemo.WriteAsync(digits, folder[Path.Combine("data", "deployment")], 3, cancellation);
        var config = await File.ReadAllTextAsync(Path.Combine(demo, "orchestrator.yaml"), cancellation);
        folder.Write("orchestrator.yaml", config.Replace("{in_memory: true}", transport, StringComparison.Ordinal));
        var written = new List<string>();
        foreach (var path in Directory.GetFiles(demo, "*.scenario.yaml").Order(StringComparer.Ordinal))
        {
            var text = await File.ReadAllTextAsync(path, cancellation);
            written.Add(folder.Write(Path.GetFileName(path), text.Replace("rules: ../..", $"rules: {Repository.Root}", StringComparison.Ordinal)));
        }

        return [.. written];
    }

    public static Task<ServerHost> StartAsync(string workspace, string[] scenarios, CancellationToken cancellation) =>
        ServerHost.StartAsync(new ServerOptions(workspace) { Scenarios = [.. scenarios], LogLevel = LogLevel.None }, cancellation);

    /// <summary>What the demo leaves when nothing disturbs it.</summary>
    public static async Task<Played> UndisturbedAsync(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var scenarios = await WriteAsync(folder, "{in_memory: true}", cancellation);
        await using (var server = await StartAsync(folder["live"], scenarios, cancellation))
        {
            await server.PlayAsync((_, _) => { }, cancellation);
        }

        using var database = Database.Open(Path.Combine(folder["live"], "orchestrator.db"), TimeProvider.System);
        Played.IsWhole(database, Models);
        return Played.Of(database, Models);
    }
}
