using Orchestrator.Runtime;
using Orchestrator.Server.Monitors;

namespace Orchestrator.Server.Effects;

/// <summary>The workers of this node: they do effects until none is ready, then wait to be woken, and look now and then on their own.</summary>
internal sealed partial class EffectLoop(Work work, DueSchedule schedule, Clocks clocks, ILogger<EffectLoop> log) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time = clocks.Real;
    private readonly WakeUp _wakeUp = new(clocks.Real, Work.Workers);

    public void Wake() => _wakeUp.Raise();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Work.Workers).Select(number => LoopAsync(number, stoppingToken)));

    private async Task LoopAsync(int number, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await work.DrainAsync(number, stopping))
                {
                    await schedule.LookAsync(TimeSpan.Zero, stopping);
                }

                await _wakeUp.WaitAsync(Sweep, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Boundary: a fault of one round, such as a full disk, must not end the worker; the rows say what is still to do.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFault(error);
                await Task.Delay(Sweep, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A worker could not do its work and goes on with the next")]
    private partial void LogFault(Exception error);
}
