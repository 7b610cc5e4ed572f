namespace Orchestrator.Server.Rehearsal;

/// <summary>Lets work in only while a story waits for it to settle, so that nothing runs at an instant whose arrivals are not there yet.</summary>
internal sealed class Turnstile(TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private bool _isOpen;
    private int _inside;

    public void Open()
    {
        lock (_gate)
        {
            _isOpen = true;
        }
    }

    /// <summary>Lets nobody in any more and waits until everybody has left.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            _isOpen = false;
        }

        while (IsOccupied())
        {
            await Task.Delay(Glance, time, cancellation);
        }
    }

    /// <summary>Does the work where it may come in; false, with nothing done, where it may not.</summary>
    public async Task<bool> PassAsync(Func<Task<bool>> work)
    {
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            return await work();
        }
        finally
        {
            Leave();
        }
    }

    private bool TryEnter()
    {
        lock (_gate)
        {
            _inside += _isOpen ? 1 : 0;
            return _isOpen;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _inside--;
        }
    }

    private bool IsOccupied()
    {
        lock (_gate)
        {
            return _inside > 0;
        }
    }
}
