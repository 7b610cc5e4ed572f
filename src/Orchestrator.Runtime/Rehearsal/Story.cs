using Orchestrator.Runtime.Effects;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Plays a story on a node's own clock: whatever is due is done, then the clock moves to what is due next.</summary>
public sealed class Story(Node node, StoryWorld world, Action<DateTimeOffset, string> tell)
{
    private readonly StoryChronicle _chronicle = new(node);

    /// <summary>Plays to the end; <paramref name="settle"/> does, or waits for, what the node has to do at the present instant.</summary>
    public async Task PlayAsync(Func<CancellationToken, Task> settle, CancellationToken cancellation)
    {
        while (true)
        {
            await SettleAsync(settle, cancellation).ConfigureAwait(false);
            var now = node.Clocks.Now;
            if (now >= world.End)
            {
                return;
            }

            var next = new[] { node.NextDue(), world.Next(now), world.End }.Where(at => at > now).Min()!.Value;
            await node.Database.WriteAsync(transaction => node.Story!.Move(transaction, next < world.End ? next : world.End), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Does everything itself, one thing after the other: a rehearsal hosts neither a schedule nor a bus.</summary>
    public Task RehearseAsync(CancellationToken cancellation)
    {
        var worker = node.Worker("rehearsal");
        return PlayAsync(
            async stop =>
            {
                while (await node.RunDueAsync(stop).ConfigureAwait(false) || await node.DrainEffectsAsync(worker, stop).ConfigureAwait(false))
                {
                }
            },
            cancellation);
    }

    private async Task SettleAsync(Func<CancellationToken, Task> settle, CancellationToken cancellation)
    {
        IReadOnlyList<string> done;
        do
        {
            // The world first: what arrives at an instant is measured at that instant.
            done = await world.ActAsync(node.Clocks.Now, cancellation).ConfigureAwait(false);
            foreach (var line in done)
            {
                tell(node.Clocks.Now, line);
            }

            await settle(cancellation).ConfigureAwait(false);
            foreach (var (at, line) in _chronicle.Next())
            {
                tell(at, line);
            }
        }
        while (done.Count > 0 || IsBusy());
    }

    private bool IsBusy() => node.Database.Read(connection => EffectStore.CountDue(connection, node.Clocks.Now)) > 0;
}
