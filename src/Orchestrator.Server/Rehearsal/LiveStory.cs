using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Server.Effects;
using Orchestrator.Server.Monitors;

namespace Orchestrator.Server.Rehearsal;

/// <summary>Plays a story on the server's own schedule, bus and workers: it only moves the clock and waits until they have settled.</summary>
internal sealed class LiveStory(Node node, StorySetup setup, Turnstile turnstile, DueSchedule schedule, EffectLoop workers)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);

    /// <summary>Plays from where the story was to its end; its figures.</summary>
    public async Task<StoryReport> PlayAsync(Action<DateTimeOffset, string> tell, CancellationToken cancellation)
    {
        var start = node.Clocks.Real.GetTimestamp();
        await new Story(node, new StoryWorld(node, setup.Scenario, setup.Folder), tell).PlayAsync(SettleAsync, cancellation);
        turnstile.Open();
        return await new StoryFigures(node, setup).TakeAsync(node.Clocks.Real.GetElapsedTime(start), cancellation);
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        var time = node.Clocks.Real;
        turnstile.Open();
        await schedule.LookAsync(TimeSpan.Zero, cancellation);
        workers.Wake();
        while (IsBusy())
        {
            await Task.Delay(Glance, time, cancellation);
        }

        await turnstile.CloseAsync(cancellation);
    }

    private bool IsBusy() =>
        node.NextDue() <= node.Clocks.Now || node.Database.Read(connection => EffectStore.CountDue(connection, node.Clocks.Now)) > 0;
}
