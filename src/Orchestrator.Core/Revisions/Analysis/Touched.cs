using System.Collections.Frozen;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What a workflow changes, and which metrics move with it.</summary>
internal static class Touched
{
    public const string Data = "dataset";
    public const string Model = "model";

    private static readonly FrozenDictionary<string, string> ByActivity = new Dictionary<string, string>
    {
        ["Orchestrator.RebuildDataset"] = Data,
        ["Orchestrator.Promote"] = Model,
        ["Orchestrator.Rollback"] = Model,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Nothing for a workflow that is not known.</summary>
    public static HashSet<string> By(AuthoredFiles files, string workflow) =>
        [.. files.Workflows.Where(one => one.DefinitionId == workflow).SelectMany(one => one.Activities.Values).Select(activity => ByActivity.GetValueOrDefault(activity.Type)).OfType<string>()];

    public static string? Of(MetricKind kind) => kind switch
    {
        MetricKind.Data or MetricKind.Segments => Data,
        MetricKind.Model or MetricKind.System or MetricKind.Joint => Model,
        _ => null,
    };
}
