namespace Orchestrator.Runtime;

/// <summary>The two clocks: what happens in the domain goes by one that can be played; leases and back-offs go by the real one.</summary>
public sealed record Clocks(TimeProvider Domain, TimeProvider Real)
{
    public DateTimeOffset Now => Domain.GetUtcNow();
}
