using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.EndToEnd.Tests.Rehearsal;

/// <summary>The demo's story up to the verified fix, three days instead of seven.</summary>
internal static class ThreeDays
{
    private static readonly SemaphoreSlim _once = new(1);
    private static Played? _rehearsed;

    /// <summary>Writes the scenario with its data and configuration into a folder; its path.</summary>
    /// <param name="transport">The operator's choice of the bus.</param>
    public static async Task<string> WriteAsync(TempFolder folder, string transport, CancellationToken cancellation)
    {
        var root = Repository.Root;
        var demo = Path.Combine(root, "deploy", "demo");
        await DigitsDemo.WriteAsync(Path.Combine(demo, "digits.csv.gz"), folder["data"], 1, cancellation);
        var config = await File.ReadAllTextAsync(Path.Combine(demo, "orchestrator.yaml"), cancellation);
        folder.Write("orchestrator.yaml", config.Replace("{in_memory: true}", transport, StringComparison.Ordinal));
        var text = await File.ReadAllTextAsync(Path.Combine(demo, "digits.scenario.yaml"), cancellation);
        return folder.Write(
            "digits.scenario.yaml", text.Replace("rules: ../..", $"rules: {root}", StringComparison.Ordinal).Replace("until: 7d", "until: 3d", StringComparison.Ordinal));
    }

    /// <summary>What the story leaves without a server, a bus or a kill; played once for all tests.</summary>
    public static async Task<Played> RehearsedAsync(CancellationToken cancellation)
    {
        await _once.WaitAsync(cancellation);
        try
        {
            return _rehearsed ??= await RehearseAsync(cancellation);
        }
        finally
        {
            _once.Release();
        }
    }

    private static async Task<Played> RehearseAsync(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var setup = StorySetup.Read(await WriteAsync(folder, "{in_memory: true}", cancellation));
        using var node = await Node.OpenAsync(setup.Options(folder["rehearsed"], NullLoggerFactory.Instance), cancellation);
        await new Story(node, new StoryWorld(node, setup), (_, _) => { }).RehearseAsync(cancellation);
        Played.IsWhole(node.Database);
        return Played.Of(node.Database);
    }
}
