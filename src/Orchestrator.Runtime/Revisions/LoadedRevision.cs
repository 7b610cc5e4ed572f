using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Revisions;

/// <summary>A revision that passed every check, ready for use.</summary>
/// <param name="Author">Who authored it, where the source tells.</param>
public sealed record LoadedRevision(RuleRevision Rules, string Source, string? Author)
{
    public string Id => Rules.Hash;

    public ImmutableArray<RuleGroup> Groups => Rules.Groups;

    public IEnumerable<MonitorFile> Monitors => Rules.Monitors.Values;

    public MonitorFile? Monitor(string name) => Rules.Monitors.GetValueOrDefault(name);

    public ModelFile? Model(string name) => Rules.Models.GetValueOrDefault(name);

    public WorkflowDefinition? Workflow(string name) => Rules.Workflows.GetValueOrDefault(name);

    /// <summary>The monitor that watches a dataset; the first by name where several do.</summary>
    public (MonitorFile Monitor, DatasetSpec Dataset)? Dataset(string name) => Monitors
        .SelectMany(monitor => monitor.Datasets.Where(dataset => dataset.Name == name).Select(dataset => ((MonitorFile, DatasetSpec)?)(monitor, dataset)))
        .FirstOrDefault();
}
