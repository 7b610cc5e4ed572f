namespace Orchestrator.Runtime.Tests;

public sealed class StoryClockTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database = new();

    [Fact]
    public async Task A_story_goes_on_where_it_was()
    {
        var clock = StoryClock.Resume(_database.Open, _start);
        Assert.Equal(_start, clock.GetUtcNow());
        await _database.WriteAsync(tx => clock.Move(tx, _start.AddHours(6)));

        _database.Reopen();

        Assert.Equal(_start.AddHours(6), clock.GetUtcNow());
        Assert.Equal(_start.AddHours(6), StoryClock.Resume(_database.Open, _start).GetUtcNow());
    }

    [Fact]
    public async Task A_write_that_fails_does_not_move_the_clock()
    {
        var clock = StoryClock.Resume(_database.Open, _start);

        await Assert.ThrowsAsync<InvalidDataException>(() => _database.WriteAsync(tx =>
        {
            clock.Move(tx, _start.AddHours(6));
            throw new InvalidDataException("on purpose");
        }));

        Assert.Equal(_start, clock.GetUtcNow());
        Assert.Equal(_start, StoryClock.Resume(_database.Open, _start).GetUtcNow());
    }

    [Fact]
    public async Task The_clock_never_goes_back()
    {
        var clock = StoryClock.Resume(_database.Open, _start);
        await _database.WriteAsync(tx => clock.Move(tx, _start.AddHours(6)));

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _database.WriteAsync(tx => clock.Move(tx, _start.AddHours(5))));

        Assert.Contains("the clock stands at 2026-01-05 06:00:00Z and does not go back to 2026-01-05 05:00:00Z", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_never_goes_back_between_two_moves_of_one_group()
    {
        var clock = StoryClock.Resume(_database.Open, _start);
        using var enqueued = new ManualResetEventSlim();
        var first = _database.WriteAsync(_ => enqueued.Wait(TestContext.Current.CancellationToken));
        var forward = _database.WriteAsync(tx => clock.Move(tx, _start.AddHours(6)));
        var back = _database.WriteAsync(tx => clock.Move(tx, _start.AddHours(5)));
        enqueued.Set();

        await Task.WhenAll(first, forward);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => back);
        Assert.Equal(_start.AddHours(6), clock.GetUtcNow());
        Assert.Equal(_start.AddHours(6), StoryClock.Resume(_database.Open, _start).GetUtcNow());
    }

    public void Dispose() => _database.Dispose();
}
