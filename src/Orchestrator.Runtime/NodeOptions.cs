using Microsoft.Extensions.Logging;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime;

/// <summary>What a node is opened with.</summary>
/// <param name="WorkspaceFolder">Where everything is kept.</param>
/// <param name="Operator">The operator's file.</param>
/// <param name="Root">Folder that relative paths of the operator's file are relative to.</param>
public sealed record NodeOptions(string WorkspaceFolder, OperatorFile Operator, string Root)
{
    /// <summary>Start of a played story; null where the domain goes by the real clock.</summary>
    public DateTimeOffset? Story { get; init; }

    /// <summary>Where connections lead; as the operator's file says where null.</summary>
    public Connections? Connections { get; init; }

    /// <summary>Where rules come from; as the operator's file says where null.</summary>
    public RulesSource? Rules { get; init; }

    /// <summary>The clock that leases and back-offs go by.</summary>
    public TimeProvider Real { get; init; } = TimeProvider.System;

    public AnalyticsOptions Analytics { get; init; } = new();

    public required ILoggerFactory Logging { get; init; }
}
