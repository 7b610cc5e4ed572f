using Orchestrator.Core.Tests.Architecture.Planted.Late;

namespace Orchestrator.Core.Tests.Architecture.Planted.Early;

/// <summary>Uses a later folder, in a body only.</summary>
public static class UsesLater
{
    public static int Count() => new LateType().Number;
}

/// <summary>Uses its own folder, as anybody may.</summary>
public static class UsesOwn
{
    public static int Count() => UsesLater.Count();
}
