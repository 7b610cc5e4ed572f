using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Runtime.Tests.Keys;

public sealed class SessionTests : IDisposable
{
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task A_session_that_nobody_uses_ends_after_two_hours()
    {
        var (sessions, text) = await OpenAsync();
        _clock.Advance(TimeSpan.FromMinutes(119));
        Assert.NotNull(sessions.Find(text));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(sessions.Find(text));
    }

    [Fact]
    public async Task A_session_that_is_used_lasts_twelve_hours_and_no_longer()
    {
        var (sessions, text) = await OpenAsync();
        for (var hour = 1; hour < 12; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await sessions.RenewAsync(text, sessions.Find(text)!, Cancellation);
        }

        Assert.Equal(new DateTimeOffset(2026, 1, 5, 20, 0, 0, TimeSpan.Zero), sessions.Find(text)!.ExpiresAt);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(sessions.Find(text));
    }

    [Fact]
    public async Task A_shown_key_confirms_for_five_minutes()
    {
        var (sessions, text) = await OpenAsync();
        Assert.True(sessions.IsConfirmed(sessions.Find(text)!));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(sessions.IsConfirmed(sessions.Find(text)!));
        await sessions.ConfirmAsync(text, Cancellation);
        Assert.True(sessions.IsConfirmed(sessions.Find(text)!));
    }

    private async Task<(Sessions Sessions, string Text)> OpenAsync()
    {
        var keys = new KeyRing(_database.Open);
        var issued = await keys.IssueAsync("ann", [Role.Approver], "test", _clock.GetUtcNow(), Cancellation);
        var people = new People(keys, OperatorFile.Read("orchestrator.yaml", "folder: rules\n").Value!, ".");
        var sessions = new Sessions(_database.Open, people, new Clocks(_clock, _clock));
        return (sessions, (await sessions.OpenAsync(Actor.Of(issued.Key), Identity.Of(issued.Key), tokens: null, Cancellation)).Text);
    }
}
