using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>The demo's story with its generated data, in a folder of its own.</summary>
internal static class DemoStory
{
    public static async Task<StorySetup> SetupAsync(string folder, CancellationToken cancellation)
    {
        var demo = Path.GetDirectoryName(DemoData.Digits)!;
        var root = Path.GetFullPath(Path.Combine(demo, "..", ".."));
        await DigitsDemo.WriteAsync(DemoData.Digits, Path.Combine(folder, "data"), 1, cancellation);
        File.Copy(Path.Combine(demo, "orchestrator.yaml"), Path.Combine(folder, "orchestrator.yaml"));
        var scenario = await File.ReadAllTextAsync(Path.Combine(demo, "digits.scenario.yaml"), cancellation);
        var path = Path.Combine(folder, "digits.scenario.yaml");
        await File.WriteAllTextAsync(path, scenario.Replace("rules: ../..", $"rules: {root}", StringComparison.Ordinal), cancellation);
        return StorySetup.Read(path);
    }
}
