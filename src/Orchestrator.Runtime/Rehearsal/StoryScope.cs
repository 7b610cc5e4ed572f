using System.Collections.Immutable;
using Orchestrator.Core.Rehearsal;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>What of a workspace belongs to a scenario: the models and datasets of the monitors whose files arrive in it.</summary>
internal sealed record StoryScope(ImmutableHashSet<string> Models, ImmutableHashSet<string> Datasets)
{
    public static StoryScope Of(Node node, ScenarioFile scenario)
    {
        var monitors = scenario.Arrivals.Select(arrival => node.Revisions.Current?.Dataset(arrival.Dataset)?.Monitor).OfType<Core.Monitors.MonitorFile>().Distinct().ToList();
        return new StoryScope(
            [.. monitors.Select(monitor => monitor.Model).OfType<string>()],
            [.. monitors.SelectMany(monitor => monitor.Datasets).Select(dataset => dataset.Name)]);
    }

    /// <summary>What concerns no model concerns everybody.</summary>
    public bool HasModel(string? model) => string.IsNullOrEmpty(model) || Models.Contains(model);
}
