namespace Orchestrator.Server;

/// <summary>What there is to do, as the loops of a server see it.</summary>
/// <param name="NextDue">When something is due next, by the domain clock; null where nothing is.</param>
/// <param name="RunDueAsync">Does what is due now.</param>
/// <param name="DrainAsync">Does effects until none is ready; how many it did.</param>
internal sealed record Work(
    Func<DateTimeOffset?> NextDue, Func<CancellationToken, Task> RunDueAsync, Func<CancellationToken, Task<int>> DrainAsync);
