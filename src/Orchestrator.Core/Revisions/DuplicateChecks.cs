using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Revisions;

/// <summary>Names that may be given only once in a revision.</summary>
internal static class DuplicateChecks
{
    public static void Run(AuthoredFiles files)
    {
        Once(files, files.Models.Select(model => (model.Name, model.Source, model.Source.At("model"))), "MODEL003", "model");
        Once(files, files.Monitors.Select(monitor => (monitor.Name, monitor.Source, monitor.Source.At("monitor"))), "MON020", "monitor");
        Once(files, files.Monitors.SelectMany(monitor => monitor.Datasets.Select(dataset => (dataset.Name, monitor.Source, monitor.Source.At("datasets", dataset.Name)))), "MON021", "dataset");
        Once(files, files.Rules.SelectMany(rules => rules.Groups.Select((group, i) => (group.Name, rules.Source, rules.Source.At("groups", i, "name")))), "RULE001", "group");
        Once(files, files.Workflows.Select(workflow => (workflow.DefinitionId, new YamlFile(workflow.Path, "", null), Place.Start)), "FLOW099", "workflow");
    }

    private static void Once(AuthoredFiles files, IEnumerable<(string Name, YamlFile File, Place Place)> all, string code, string what)
    {
        var first = new Dictionary<string, (YamlFile File, Place Place)>(StringComparer.Ordinal);
        foreach (var (name, file, place) in all)
        {
            if (!first.TryAdd(name, (file, place)))
            {
                var (other, at) = first[name];
                files.Error(file, place, code, $"{what} \"{name}\" is given twice", $"it stands in {other.Path}:{at.Line} already");
            }
        }
    }
}
