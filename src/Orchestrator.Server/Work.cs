using Orchestrator.Runtime;
using Orchestrator.Server.Rehearsal;

namespace Orchestrator.Server;

/// <summary>What there is to do, as the loops of a server see it.</summary>
/// <param name="NextDue">When something is due next, by the domain clock; null where nothing is.</param>
/// <param name="RunDueAsync">Does what is due now; whether there was anything.</param>
/// <param name="DrainAsync">Does effects, as the worker of this number, until none is ready; whether there was any.</param>
internal sealed record Work(
    Func<DateTimeOffset?> NextDue, Func<CancellationToken, Task<bool>> RunDueAsync, Func<int, CancellationToken, Task<bool>> DrainAsync)
{
    public const int Workers = 2;

    public static Work Of(Node node)
    {
        var workers = Enumerable.Range(1, Workers).Select(number => node.Worker(FormattableString.Invariant($"worker {number}"))).ToList();
        return new(node.NextDue, node.RunDueAsync, (number, cancellation) => node.DrainEffectsAsync(workers[number], cancellation));
    }

    /// <summary>The same work, done only while a story lets it in.</summary>
    public Work Through(Turnstile turnstile) => new(
        NextDue,
        cancellation => turnstile.PassAsync(() => RunDueAsync(cancellation)),
        (number, cancellation) => turnstile.PassAsync(() => DrainAsync(number, cancellation)));
}
