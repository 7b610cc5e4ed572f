using System.Text.RegularExpressions;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>The demo's story with its generated data, in a folder of its own.</summary>
internal static partial class DemoStory
{
    /// <param name="until">How long it is played.</param>
    public static async Task<StorySetup> SetupAsync(string name, string until, string folder, CancellationToken cancellation)
    {
        var demo = Path.GetDirectoryName(DemoData.Digits)!;
        var root = Path.GetFullPath(Path.Combine(demo, "..", ".."));
        var data = Path.Combine(folder, "data");
        await (name switch
        {
            "drift" => ScannerDemo.WriteAsync(DemoData.Digits, Path.Combine(data, name), 2, cancellation),
            "deployment" => ReleaseDemo.WriteAsync(DemoData.Digits, Path.Combine(data, name), 3, cancellation),
            _ => DigitsDemo.WriteAsync(DemoData.Digits, data, 1, cancellation),
        });
        File.Copy(Path.Combine(demo, "orchestrator.yaml"), Path.Combine(folder, "orchestrator.yaml"));
        var scenario = await File.ReadAllTextAsync(Path.Combine(demo, $"{name}.scenario.yaml"), cancellation);
        var path = Path.Combine(folder, $"{name}.scenario.yaml");
        await File.WriteAllTextAsync(path, Until().Replace(scenario, $"until: {until}").Replace("rules: ../..", $"rules: {root}", StringComparison.Ordinal), cancellation);
        return StorySetup.Read(path);
    }

    [GeneratedRegex("until: [0-9]+d")]
    private static partial Regex Until();
}
