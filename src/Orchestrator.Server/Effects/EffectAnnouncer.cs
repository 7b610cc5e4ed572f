using MassTransit;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;

namespace Orchestrator.Server.Effects;

/// <summary>Publishes, after commits, that effects are ready: many commits in a row become one message.</summary>
internal sealed class EffectAnnouncer(EffectSignal signal, IBus bus, Clocks clocks) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly WakeUp _ready = new(clocks.Real, waiters: 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Ready += _ready.Raise;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await bus.Publish(new EffectsReady(), stoppingToken);
                await _ready.WaitAsync(Longest, stoppingToken);
            }
        }
        finally
        {
            signal.Ready -= _ready.Raise;
        }
    }
}

/// <summary>Wakes this node's workers when effects became ready anywhere.</summary>
internal sealed class EffectsReadyConsumer(EffectLoop loop) : IConsumer<EffectsReady>
{
    public Task Consume(ConsumeContext<EffectsReady> context)
    {
        loop.Wake();
        return Task.CompletedTask;
    }
}
