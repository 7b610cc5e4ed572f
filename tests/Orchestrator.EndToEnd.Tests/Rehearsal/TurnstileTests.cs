using Orchestrator.Server.Rehearsal;

namespace Orchestrator.EndToEnd.Tests.Rehearsal;

public sealed class TurnstileTests
{
    private readonly Turnstile _turnstile = new(TimeProvider.System);

    [Fact]
    public async Task Work_comes_in_only_while_it_is_open()
    {
        var done = 0;
        Task<bool> WorkAsync() => Task.FromResult(Interlocked.Increment(ref done) > 0);
        Assert.False(await _turnstile.PassAsync(WorkAsync));
        _turnstile.Open();
        Assert.True(await _turnstile.PassAsync(WorkAsync));
        await _turnstile.CloseAsync(TestContext.Current.CancellationToken);
        Assert.False(await _turnstile.PassAsync(WorkAsync));
        Assert.Equal(1, done);
    }

    [Fact]
    public async Task It_is_closed_only_when_everybody_has_left()
    {
        _turnstile.Open();
        var leave = new TaskCompletionSource<bool>();
        var inside = _turnstile.PassAsync(() => leave.Task);
        var closed = _turnstile.CloseAsync(TestContext.Current.CancellationToken);
        Assert.False(closed.IsCompleted);
        leave.SetResult(true);
        Assert.True(await inside);
        await closed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Work_that_fails_leaves_too()
    {
        _turnstile.Open();
        await Assert.ThrowsAsync<IOException>(() => _turnstile.PassAsync(() => throw new IOException("the disk is full")));
        await _turnstile.CloseAsync(TestContext.Current.CancellationToken);
    }
}
