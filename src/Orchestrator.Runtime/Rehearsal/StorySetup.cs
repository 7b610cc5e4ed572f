using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>A scenario that was read, with the operator's file that it names.</summary>
/// <param name="Folder">Folder of the scenario file, which its paths are relative to.</param>
public sealed record StorySetup(ScenarioFile Scenario, OperatorFile Operator, string Folder)
{
    /// <summary>Reads a scenario and its configuration; throws <see cref="StoryException"/> with the diagnostics where either is wrong.</summary>
    public static StorySetup Read(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        var scenario = ScenarioFile.Read(path, Text(full));
        var read = scenario.Value ?? throw new StoryException([.. scenario.Diagnostics.Select(diagnostic => diagnostic.ToString())]);
        var config = OperatorFile.Read(read.Config, Text(Path.Combine(folder, read.Config)));
        var operatorFile = config.Value ?? throw new StoryException([.. config.Diagnostics.Select(diagnostic => diagnostic.ToString())]);
        return new StorySetup(read, operatorFile, folder);
    }

    /// <summary>A node for the story in its own workspace: folders of connections are the story's, under <c>arrivals</c>, and rules come from where the scenario says.</summary>
    public NodeOptions Options(string workspace, ILoggerFactory logging) => new(workspace, Operator, Path.GetDirectoryName(Path.GetFullPath(Path.Combine(Folder, Scenario.Config)))!)
    {
        Logging = logging,
        Story = Scenario.Start,
        Rules = Scenario.Rules is { } rules ? new RulesSource.Folder(Path.GetFullPath(Path.Combine(Folder, rules))) : null,
        Connections = new Connections(Operator.Connections
            .Where(pair => pair.Value is ConnectionSpec.Folder)
            .ToImmutableDictionary(pair => pair.Key, pair => Directory.CreateDirectory(Path.Combine(Path.GetFullPath(workspace), "arrivals", pair.Key)).FullName, StringComparer.Ordinal)),
    };

    private static string Text(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new StoryException([$"there is no file {path}"]);
}

/// <summary>A story cannot be played; each line says why.</summary>
public sealed class StoryException(ImmutableArray<string> lines) : Exception(string.Join('\n', lines))
{
    public ImmutableArray<string> Lines => lines;
}
