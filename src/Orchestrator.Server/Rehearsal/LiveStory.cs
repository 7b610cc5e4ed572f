using System.Collections.Immutable;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Server.Effects;
using Orchestrator.Server.Monitors;

namespace Orchestrator.Server.Rehearsal;

/// <summary>Plays stories on the server's own schedule, bus and workers: it only moves the clock and waits until they have settled.</summary>
internal sealed class LiveStory(Node node, ImmutableArray<StorySetup> setups, Turnstile turnstile, DueSchedule schedule, EffectLoop workers)
{
    private readonly TimeProvider _time = node.Clocks.Real;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);

    /// <summary>How often a story looks whether the people that it waits for have answered.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    /// <summary>Plays from where the story was to its end; its figures.</summary>
    public async Task<StoryReport> PlayAsync(Action<DateTimeOffset, string> tell, CancellationToken cancellation)
    {
        var start = node.Clocks.Real.GetTimestamp();
        var world = new StoryWorld(node, setups);
        await new Story(node, world, tell).PlayAsync(stop => SettleAsync(world, tell, stop), cancellation);
        turnstile.Open();
        return await new StoryFigures(node, setups).TakeAsync(node.Clocks.Real.GetElapsedTime(start), cancellation);
    }

    /// <summary>Waits until nothing is left to do at this instant; for people whom the scenario does not play, as long as they take.</summary>
    private async Task SettleAsync(StoryWorld world, Action<DateTimeOffset, string> tell, CancellationToken cancellation)
    {
        turnstile.Open();
        await schedule.LookAsync(TimeSpan.Zero, cancellation);
        workers.Wake();
        await IdleAsync(cancellation);
        for (string? told = null; world.Awaited() is { } awaited; told = awaited)
        {
            if (awaited != told)
            {
                tell(node.Clocks.Now, awaited);
            }

            await Task.Delay(Wait, _time, cancellation);
            await IdleAsync(cancellation);
        }

        await turnstile.CloseAsync(cancellation);
    }

    private async Task IdleAsync(CancellationToken cancellation)
    {
        while (IsBusy())
        {
            await Task.Delay(Glance, _time, cancellation);
        }
    }

    private bool IsBusy() =>
        node.NextDue() <= node.Clocks.Now || node.Database.Read(connection => EffectStore.CountDue(connection, node.Clocks.Now)) > 0;
}
