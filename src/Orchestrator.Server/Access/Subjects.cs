using System.Data.Common;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Elsa;

namespace Orchestrator.Server.Access;

/// <summary>Finds the models that things belong to.</summary>
internal static class Subjects
{
    public static Subject? OfFinding(DbConnection connection, string id) => FindingStore.Find(connection, id) is { } finding ? Subject.Of(finding.Labels["model"]) : null;

    public static Subject? OfFix(DbConnection connection, string id) => FixStore.Find(connection, id) is { } fix ? Subject.Of(fix.Model) : null;

    public static Subject? OfQueue(DbConnection connection, string id) => LabelStore.FindQueue(connection, id) is { } queue ? OfInstance(connection, queue.InstanceId) : null;

    /// <summary>What was started by hand belongs to no model.</summary>
    public static Subject? OfInstance(DbConnection connection, string id) => Subject.Of(FixStore.ModelOfInstance(connection, id));

    public static Subject? OfExecution(DbConnection connection, string id) => InstanceHistory.Parse(id) is var (instance, _) ? OfInstance(connection, instance) : null;

    /// <summary>Plans and runs belong to the model of their fix; what people author or make in the designer is everybody's to look at.</summary>
    public static Subject? OfDefinition(DbConnection connection, string id) =>
        DefinitionLibrary.FixIdOf(id) is { } fix ? OfFix(connection, fix)
        : DefinitionLibrary.InstanceIdOf(id) is { } instance ? OfInstance(connection, instance)
        : DefinitionLibrary.KeptAs(connection, id) is { } definition && DefinitionLibrary.FixIdOf(definition) is { } scratch ? OfFix(connection, scratch)
        : Subject.Shared;

    public static Subject? OfMonitor(Node node, string name) => node.Revisions.Current?.Monitor(name) is { } monitor ? Subject.Of(monitor.Model) : null;

    public static Subject? OfRule(Node node, string name) =>
        node.Revisions.Current?.Groups.Where(group => group.Rules.Any(rule => rule.Name == name)).Select(group => group.Model).ToList() is { Count: > 0 } models
            ? new Subject([.. models.Distinct()])
            : null;

    /// <summary>The models whose monitors look at a dataset, and those that are trained or evaluated on it.</summary>
    public static Subject? OfDataset(Node node, string name)
    {
        if (node.Revisions.Current is not { } revision)
        {
            return null;
        }

        var watching = revision.Monitors.Where(monitor => monitor.Datasets.Any(dataset => dataset.Name == name)).Select(monitor => monitor.Model);
        var learning = revision.Rules.Models.Values.Where(model => model.Train?.Dataset == name || model.Evaluate?.Dataset == name).Select(model => (string?)model.Name);
        return watching.Concat(learning).Distinct().ToList() is { Count: > 0 } models ? new Subject([.. models]) : null;
    }
}
