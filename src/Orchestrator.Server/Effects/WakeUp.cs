using System.Threading.Channels;

namespace Orchestrator.Server.Effects;

/// <summary>Wakes waiting loops; being woken too often costs a look, and a wake-up while none waits is kept for the next wait.</summary>
internal sealed class WakeUp(TimeProvider time, int waiters)
{
    private readonly Channel<byte> _tokens = Channel.CreateBounded<byte>(new BoundedChannelOptions(waiters) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise()
    {
        for (var i = 0; i < waiters; i++)
        {
            _tokens.Writer.TryWrite(0);
        }
    }

    /// <summary>Waits to be woken, at most for <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _tokens.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nobody woke us: look anyway.
        }
    }
}
