using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Server.Monitors;

namespace Orchestrator.Server.Rehearsal;

/// <summary>Plays a story on the server's own schedule, bus and workers: it only moves the clock and waits until they have settled.</summary>
internal sealed class LiveStory(Node node, ServerOptions options, DueSchedule schedule)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);

    public Task PlayAsync(Action<DateTimeOffset, string> tell, CancellationToken cancellation)
    {
        var setup = StorySetup.Read(options.Scenario ?? throw new ServerOptionsException("there is no scenario to play; say --play FILE"));
        return new Story(node, new StoryWorld(node, setup.Scenario, setup.Folder), tell).PlayAsync(SettleAsync, cancellation);
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        var time = node.Clocks.Real;
        await schedule.LookAsync(TimeSpan.Zero, cancellation);
        while (IsBusy())
        {
            await Task.Delay(Glance, time, cancellation);
        }
    }

    private bool IsBusy() =>
        node.NextDue() <= node.Clocks.Now || node.Database.Read(connection => EffectStore.CountDue(connection, node.Clocks.Now)) > 0;
}
