using Dapper;
using Microsoft.Data.Sqlite;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Storage;

public sealed class DiskFullTests
{
    private const int Full = 13; // SQLITE_FULL

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_may_not_grow_keeps_whole_writes_only_and_goes_on_once_it_may()
    {
        using var folder = new TempFolder();
        using var database = Database.Open(folder["test.db"], TimeProvider.System);
        await PrepareAsync(database);
        await database.WriteAsync(tx => tx.Execute("pragma max_page_count = 400"), Cancel);

        var confirmed = await FillAsync(database);

        Assert.Equal(confirmed, Whole(database));
        await database.WriteAsync(tx => tx.Execute("pragma max_page_count = 100000"), Cancel);
        await WriteAsync(database, 1_000_000);
        Assert.Equal([.. confirmed, 1_000_000], Whole(database));
    }

    [Fact]
    public async Task A_full_disk_is_told_to_the_caller_and_harms_nothing()
    {
        using var folder = new TempFolder();
        string[] mount = ["unshare", "-rm", "sh", "-c", $"mount -t tmpfs -o size=2m tmpfs '{folder.Path}' && exec \"$@\"", "sh"];
        using var able = ChildProcess.Start([.. mount, "true"]);
        await able.WaitForExitAsync(Cancel);
        if (able.ExitCode != 0)
        {
            Assert.Skip($"no small disk can be mounted here: {await able.StandardError.ReadToEndAsync(Cancel)}");
        }

        using var child = ChildProcess.Start([.. mount, .. ChildProcess.Command("fill", folder.Path)]);
        var said = await child.StandardError.ReadToEndAsync(Cancel);
        await child.WaitForExitAsync(Cancel);

        Assert.True(child.ExitCode == 0, said);
    }

    /// <summary>The child, whose folder is a disk of 2 MiB: ends with 0, or with the assertion that failed.</summary>
    internal static async Task<int> FillSmallDiskAsync(string folder)
    {
        var ballast = Path.Combine(folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[512 * 1024]);
        List<long> confirmed;
        using (var database = Database.Open(Path.Combine(folder, "test.db"), TimeProvider.System))
        {
            await PrepareAsync(database);
            confirmed = await FillAsync(database);
            Assert.NotEmpty(confirmed);
            Assert.Equal(confirmed, Whole(database));

            File.Delete(ballast);
            await WriteAsync(database, 1_000_000);
            Assert.Equal([.. confirmed, 1_000_000], Whole(database));
        }

        using var again = Database.Open(Path.Combine(folder, "test.db"), TimeProvider.System);
        Assert.Equal([.. confirmed, 1_000_000], Whole(again));
        Assert.Equal("ok", again.Read(connection => connection.ExecuteScalar<string>("pragma integrity_check")));
        return 0;
    }

    private static Task<int> PrepareAsync(Database database) =>
        database.WriteAsync(tx => tx.Execute("create table half (number bigint not null, side text not null, filling blob not null)"), CancellationToken.None);

    /// <summary>Writes, several at a time, until some are refused for want of room; the numbers of those that were confirmed.</summary>
    private static async Task<List<long>> FillAsync(Database database)
    {
        var confirmed = new List<long>();
        var refused = 0;
        for (var number = 0L; refused < 5; number += 4)
        {
            var writes = Enumerable.Range(0, 4).Select(i => (Number: number + i, Write: WriteAsync(database, number + i))).ToList();
            foreach (var (written, write) in writes)
            {
                try
                {
                    await write;
                    confirmed.Add(written);
                }
                catch (Exception error) when (IsFull(error))
                {
                    refused++;
                }
            }
        }

        return confirmed;
    }

    // A neighbour in the group has the fault as the cause of its own.
    private static bool IsFull(Exception error) => (error as SqliteException ?? error.InnerException) is SqliteException { SqliteErrorCode: Full };

    private static Task WriteAsync(Database database, long number) => database.WriteAsync(
        tx =>
        {
            tx.Execute("insert into half values (@number, 'left', zeroblob(9000))", new { number });
            tx.Execute("insert into half values (@number, 'right', zeroblob(9000))", new { number });
        },
        CancellationToken.None);

    private static List<long> Whole(Database database)
    {
        var rows = database.Read(connection => connection.Query<(long Number, long Count)>("select number, count(*) from half group by number order by number").AsList());
        Assert.All(rows, row => Assert.Equal(2, row.Count));
        return [.. rows.Select(row => row.Number)];
    }
}
