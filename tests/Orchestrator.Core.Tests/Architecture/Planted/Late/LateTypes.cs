using Orchestrator.Core.Tests.Architecture.Planted.Early;

namespace Orchestrator.Core.Tests.Architecture.Planted.Late;

/// <summary>Stands after Early and may use it.</summary>
public sealed class LateType
{
    public int Number { get; init; } = UsesOwn.Count();
}
