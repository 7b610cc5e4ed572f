using System.Collections.Immutable;
using System.Globalization;
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

    /// <summary>Reads scenarios that are played side by side; a folder stands for all scenarios in it. Throws <see cref="StoryException"/> where they do not fit together.</summary>
    public static ImmutableArray<StorySetup> ReadAll(IEnumerable<string> paths)
    {
        var setups = paths.SelectMany(Scenarios).Select(Read).ToImmutableArray();
        foreach (var other in setups.Skip(1))
        {
            Expect(setups[0], other, "start", setup => setup.Scenario.Start.ToString("u", CultureInfo.InvariantCulture));
            Expect(setups[0], other, "config", setup => setup.PathOf(setup.Scenario.Config));
            Expect(setups[0], other, "rules", setup => setup.Scenario.Rules is { } rules ? setup.PathOf(rules) : "those of the config");
        }

        return setups.GroupBy(setup => setup.Scenario.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new StoryException([$"{twice.Count()} scenarios are named {twice.Key}: each has a name of its own"])
            : setups;
    }

    /// <summary>A node for the story in its own workspace: folders of connections are the story's, under <c>arrivals</c>, and rules come from where the scenario says.</summary>
    public NodeOptions Options(string workspace, ILoggerFactory logging) => new(workspace, Operator, Path.GetDirectoryName(PathOf(Scenario.Config))!)
    {
        Logging = logging,
        Story = Scenario.Start,
        Rules = Scenario.Rules is { } rules ? new RulesSource.Folder(PathOf(rules)) : null,
        Connections = new Connections(Operator.Connections
            .Where(pair => pair.Value is ConnectionSpec.Folder)
            .ToImmutableDictionary(pair => pair.Key, pair => Directory.CreateDirectory(Path.Combine(Path.GetFullPath(workspace), "arrivals", pair.Key)).FullName, StringComparer.Ordinal)),
    };

    private static IEnumerable<string> Scenarios(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var files = Directory.GetFiles(path, "*.scenario.yaml").Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new StoryException([$"the folder {path} has no NAME.scenario.yaml"]);
    }

    /// <summary>Scenarios side by side share one clock, one workspace and one set of rules.</summary>
    private static void Expect(StorySetup first, StorySetup other, string field, Func<StorySetup, string> value)
    {
        if (value(first) != value(other))
        {
            throw new StoryException([
                $"{other.Scenario.Source.Path}: \"{field}\" is {value(other)}, but {value(first)} in {first.Scenario.Source.Path}; scenarios that are played together share it"]);
        }
    }

    private string PathOf(string relative) => Path.GetFullPath(Path.Combine(Folder, relative));

    private static string Text(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new StoryException([$"there is no file {path}"]);
}

/// <summary>A story cannot be played; each line says why.</summary>
public sealed class StoryException(ImmutableArray<string> lines) : Exception(string.Join('\n', lines))
{
    public ImmutableArray<string> Lines => lines;
}
