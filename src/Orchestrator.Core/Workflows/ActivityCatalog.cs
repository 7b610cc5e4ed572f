using System.Collections.Immutable;

namespace Orchestrator.Core.Workflows;

/// <summary>All activities that a definition can be started with.</summary>
public static class ActivityCatalog
{
    public static ImmutableArray<ActivityDescriptor> All { get; } = [.. ElsaActivities.All, .. OrchestratorActivities.All];

    private static readonly ImmutableDictionary<string, ActivityDescriptor> ByType = All.ToImmutableDictionary(descriptor => descriptor.Type);

    public static IEnumerable<string> Types => All.Select(descriptor => descriptor.Type);

    /// <summary>The types of expressions that inputs can have.</summary>
    public static ImmutableArray<string> Expressions => InputReader.Expressions;

    public static ActivityDescriptor? Find(string type) => ByType.GetValueOrDefault(type);
}
