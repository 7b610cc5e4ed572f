using Microsoft.Extensions.Logging;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime;

/// <summary>What a node is opened with.</summary>
/// <param name="WorkspaceFolder">Where everything is kept.</param>
/// <param name="Operator">The operator's file.</param>
/// <param name="Root">Folder that relative paths of the operator's file are relative to.</param>
public sealed record NodeOptions(string WorkspaceFolder, OperatorFile Operator, string Root)
{
    private readonly bool? _sendsOut;

    /// <summary>Start of a played story; null where the domain goes by the real clock.</summary>
    public DateTimeOffset? Story { get; init; }

    /// <summary>Where connections lead; as the operator's file says where null.</summary>
    public Connections? Connections { get; init; }

    /// <summary>Where rules come from; as the operator's file says where null.</summary>
    public RulesSource? Rules { get; init; }

    /// <summary>The clock that leases and back-offs go by.</summary>
    public TimeProvider Real { get; init; } = TimeProvider.System;

    /// <summary>How hosts are found and connected to.</summary>
    public Dialer Dialer { get; init; } = Dialer.System;

    /// <summary>How long a target or a hook may take to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether targets and hooks are really told; not by default where a story is played, for it must not deploy and write to people.</summary>
    public bool SendsOut { get => _sendsOut ?? Story is null; init => _sendsOut = value; }

    /// <summary>As the operator's file says, if nothing else is given.</summary>
    public AnalyticsOptions Analytics { get; init; } = new(Operator.Analytics.Threads) { MemoryBytes = Operator.Analytics.MemoryBytes };

    public required ILoggerFactory Logging { get; init; }
}
