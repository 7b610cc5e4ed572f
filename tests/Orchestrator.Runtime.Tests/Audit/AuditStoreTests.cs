using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Audit;

public sealed class AuditStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset _at = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database = new();

    public async ValueTask InitializeAsync()
    {
        await AppendAsync("lead@example.org", "fix.approved", "x-1", new { plan_sha256 = "p-1" });
        await AppendAsync("system", "fix.started", "x-1", null);
        await AppendAsync("system", "measured", "digits", new { value = double.NaN });
        await AppendAsync("lead@example.org", "kill_switch.on", "all", null);
    }

    [Fact]
    public void An_untouched_chain_is_whole_also_after_opening_again()
    {
        Assert.Null(FirstBroken());

        _database.Reopen();

        Assert.Null(FirstBroken());
    }

    [Fact]
    public void The_first_hash_is_that_of_the_entry_written_by_hand() =>
        // printf '%s' '["",1,1767600000000000,"lead@example.org","fix.approved","x-1","{\"plan_sha256\":\"p-1\"}"]' | sha256sum
        Assert.Equal("fb8a1594df5c22d4d97ea036e62d74e38e334581cf736b2aa8a5a9024d2d327f", Entries()[^1].Hash);

    [Fact]
    public void The_latest_come_first()
    {
        Assert.Equal([4L, 3L], _database.Read(connection => AuditStore.Latest(connection, 2)).Select(entry => entry.Sequence));
        Assert.Equal(
            new AuditEntry(2, _at, "system", "fix.started", "x-1", "null", Entries()[^2].Hash),
            Entries()[^2]);
    }

    [Theory]
    [InlineData("LEAD@", "4 1", 2)]
    [InlineData("kill switch", "4", 1)]
    [InlineData("x-1", "2 1", 2)]
    [InlineData("kill%on", "", 0)]
    [InlineData("", "4 3 2 1", 4)]
    public void Entries_are_found_by_words_of_actor_action_or_subject(string words, string sequences, int total)
    {
        var page = _database.Read(connection => AuditStore.Page(connection, new PageWish(10), words));

        Assert.Equal((sequences, (long)total), (string.Join(' ', page.Entries.Select(entry => entry.Sequence)), page.Total));
    }

    [Fact]
    public void What_is_found_by_words_comes_in_pages_too()
    {
        var first = _database.Read(connection => AuditStore.Page(connection, new PageWish(1), "x-1"));
        var second = _database.Read(connection => AuditStore.Page(connection, new PageWish(1, first.Next), "x-1"));

        Assert.Equal((2L, 1L, null), (first.Entries.Single().Sequence, second.Entries.Single().Sequence, second.Next));
    }

    [Theory]
    [InlineData("at = at + 1")]
    [InlineData("actor = 'someone@example.org'")]
    [InlineData("action = 'fix.rejected'")]
    [InlineData("subject = 'x-9'")]
    [InlineData("body = '{}'")]
    [InlineData("hash = upper(hash)")]
    [InlineData("sequence = 9")]
    public async Task An_entry_that_was_changed_is_found(string change)
    {
        foreach (var sequence in new[] { 1, 2, 4 })
        {
            using var database = await CopyAsync();
            await database.WriteAsync(tx => tx.Execute($"update audit set {change} where sequence = {sequence}"));

            Assert.Equal(sequence, database.Read(AuditStore.FirstBroken));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task An_entry_that_was_removed_is_found(int sequence)
    {
        await _database.WriteAsync(tx => tx.Execute($"delete from audit where sequence = {sequence}"));

        Assert.Equal(sequence, FirstBroken());
    }

    [Fact]
    public async Task A_removed_entry_is_found_also_when_those_after_it_move_up()
    {
        await _database.WriteAsync(tx => tx.Execute("delete from audit where sequence = 2"));
        await _database.WriteAsync(tx => tx.Execute("update audit set sequence = 2 where sequence = 3"));
        await _database.WriteAsync(tx => tx.Execute("update audit set sequence = 3 where sequence = 4"));

        Assert.Equal(2, FirstBroken());
    }

    [Fact]
    public async Task An_emptied_audit_is_found()
    {
        await _database.WriteAsync(tx => tx.Execute("delete from audit"));

        Assert.Equal(1, FirstBroken());
    }

    [Fact]
    public async Task Two_entries_that_changed_places_are_found()
    {
        await _database.WriteAsync(tx => tx.Execute("update audit set sequence = 99 where sequence = 2"));
        await _database.WriteAsync(tx => tx.Execute("update audit set sequence = 2 where sequence = 3"));
        await _database.WriteAsync(tx => tx.Execute("update audit set sequence = 3 where sequence = 99"));

        Assert.Equal(2, FirstBroken());
    }

    [Fact]
    public async Task An_entry_of_a_write_that_failed_is_not_there()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => _database.WriteAsync(tx =>
        {
            AuditStore.Append(tx, _at, "system", "fix.started", "x-2");
            throw new InvalidDataException("on purpose");
        }));
        await AppendAsync("system", "fix.started", "x-3", null);

        Assert.Null(FirstBroken());
        Assert.Equal((5L, "x-3"), (Entries()[0].Sequence, Entries()[0].Subject));
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<TestDatabase> CopyAsync()
    {
        var database = new TestDatabase();
        foreach (var subject in new[] { "x-1", "x-2", "x-3", "x-4" })
        {
            await database.WriteAsync(tx => AuditStore.Append(tx, _at, "system", "fix.started", subject));
        }

        return database;
    }

    private Task AppendAsync(string actor, string action, string subject, object? details) =>
        _database.WriteAsync(tx => AuditStore.Append(tx, _at, actor, action, subject, details));

    private long? FirstBroken() => _database.Read(AuditStore.FirstBroken);

    private IReadOnlyList<AuditEntry> Entries() => _database.Read(connection => AuditStore.Latest(connection, 100));
}
