using Dapper;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Storage;

public sealed class DatabaseTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Database _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = Open();
        await _database.WriteAsync(tx => tx.Execute("create table item (id bigint primary key, name text not null)"), Cancel);
    }

    [Fact]
    public async Task A_write_that_fails_keeps_nothing_of_itself_and_all_of_its_neighbours()
    {
        var good = _database.WriteAsync(tx => tx.Execute("insert into item values (1, 'one')"), Cancel);
        var bad = _database.WriteAsync(
            tx =>
            {
                tx.Execute("insert into item values (2, 'two')");
                throw new InvalidDataException("on purpose");
            },
            Cancel);
        var other = _database.WriteAsync(tx => tx.Execute("insert into item values (3, 'three')"), Cancel);

        await good;
        await other;
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        Assert.Equal([1L, 3L], Ids());
    }

    [Fact]
    public async Task Hooks_run_after_the_commit_in_the_order_of_the_writes_and_not_for_a_write_that_failed()
    {
        var seen = new List<long>();
        var writes = Enumerable.Range(0, 100).Select(i => _database.WriteAsync(
            tx =>
            {
                tx.AfterCommit(() => seen.Add(i));
                tx.Execute("insert into item values (@id, 'x')", new { id = i % 60 });
            },
            Cancel)).ToList();

        var outcomes = await Task.WhenAll(writes.Select(async write => { try { await write; return true; } catch (Microsoft.Data.Sqlite.SqliteException) { return false; } }));

        Assert.Equal(60, outcomes.Count(ok => ok));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task What_was_written_is_there_after_opening_again()
    {
        await _database.WriteAsync(tx => tx.Execute("insert into item values (7, 'seven')"), Cancel);
        _database.Dispose();

        _database = Open();

        Assert.Equal([7L], Ids());
    }

    [Fact]
    public async Task A_database_of_a_later_version_is_refused()
    {
        await _database.WriteAsync(tx => tx.Execute("insert into migration values ('9999-later.sql', 'abc', 0)"), Cancel);
        _database.Dispose();

        var error = Assert.Throws<StorageException>(Open);

        Assert.Contains("9999-later.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_process_cannot_open_the_same_workspace()
    {
        using var first = Workspace.Open(_folder["workspace"]);

        Assert.Throws<StorageException>(() => Workspace.Open(_folder["workspace"]));
    }

    [Fact]
    public void What_attempts_of_a_killed_process_left_is_dropped_by_the_next_one()
    {
        Directory.CreateDirectory(Path.Combine(_folder["workspace"], "attempts", "x-1-run-3", "attempt-2"));
        File.WriteAllText(Path.Combine(_folder["workspace"], "attempts", "x-1-run-3", "attempt-2", "half.csv"), "id");

        using var workspace = Workspace.Open(_folder["workspace"]);

        Assert.False(Directory.Exists(workspace.Attempts));
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Database Open() => Database.Open(_folder["test.db"], TimeProvider.System);

    private List<long> Ids() => _database.Read(connection => connection.Query<long>("select id from item order by id").AsList());
}
