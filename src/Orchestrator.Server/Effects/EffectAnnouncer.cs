using MassTransit;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;

namespace Orchestrator.Server.Effects;

/// <summary>Publishes, after commits, that effects are ready: many commits in a row become one message. While the bus takes none, this node's own workers
/// are woken directly.</summary>
internal sealed partial class EffectAnnouncer(EffectSignal signal, IBus bus, EffectLoop workers, Clocks clocks, ILogger<EffectAnnouncer> log) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>A broker that is going away can keep a publisher waiting for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Between messages while the bus takes none.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = clocks.Real;
    private readonly WakeUp _ready = new(clocks.Real, waiters: 1);
    private volatile bool _isCutOff;
    private long _taken;

    /// <summary>Whether the bus did not take the message that it was given last.</summary>
    public bool IsCutOff => _isCutOff;

    /// <summary>Messages that the bus took since the start.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Ready += OnReady;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await AnnounceAsync(stoppingToken);
                await (_isCutOff ? Task.Delay(Pause, _time, stoppingToken) : _ready.WaitAsync(Longest, stoppingToken));
            }
        }
        finally
        {
            signal.Ready -= OnReady;
        }
    }

    private void OnReady()
    {
        _ready.Raise();
        if (_isCutOff)
        {
            workers.Wake();
        }
    }

    private async Task AnnounceAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            // The time-out outside as well: not every publish heeds its token.
            await bus.Publish(new EffectsReady(), context => context.Mandatory = true, either.Token).WaitAsync(Patience, _time, stopping);
            Reached();
        }
#pragma warning disable CA1031 // Boundary: whatever keeps the bus from taking a hint, the work goes on; the rows are the truth.
        catch (Exception error) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            CutOff(error);
        }
    }

    private void Reached()
    {
        Interlocked.Increment(ref _taken);
        if (_isCutOff)
        {
            _isCutOff = false;
            LogReached();
        }
    }

    private void CutOff(Exception error)
    {
        if (!_isCutOff)
        {
            _isCutOff = true;
            LogCutOff(error.Message);
        }

        workers.Wake();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bus takes no messages, the workers of this node go on without it: {Reason}")]
    private partial void LogCutOff(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The bus takes messages again")]
    private partial void LogReached();
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
