using System.Globalization;
using System.IO.Pipes;
using Dapper;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Storage;

public sealed class Kill9Tests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_confirmed_write_outlives_a_kill_and_no_half_of_another()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TempFolder();
        var confirmed = new HashSet<long>();

        for (var round = 0; round < 3; round++)
        {
            confirmed.UnionWith(await KillAfterAsync(random.Next(1, 1500), folder["test.db"]));

            using var database = Database.Open(folder["test.db"], TimeProvider.System);
            var halves = database.Read(connection => connection.Query<(long Number, long Count)>("select number, count(*) from half group by number").AsList());
            Assert.Equal("ok", database.Read(connection => connection.ExecuteScalar<string>("pragma integrity_check")));
            Assert.All(halves, half => Assert.Equal(2, half.Count));
            Assert.Empty(confirmed.Except(halves.Select(half => half.Number)));
        }

        output.WriteLine($"{confirmed.Count} writes were confirmed");
    }

    /// <summary>The child: writes pairs of rows, sixteen at a time, and says each number once its write is confirmed.</summary>
    internal static async Task<int> WriteUntilKilledAsync(string file, string handle)
    {
        using var pipe = new AnonymousPipeClientStream(PipeDirection.Out, handle);
        using var said = new StreamWriter(pipe) { AutoFlush = true };
        using var database = Database.Open(file, TimeProvider.System);
        await database.WriteAsync(tx => tx.Execute("create table if not exists half (number bigint not null, side text not null)"), CancellationToken.None);
        var next = database.Read(connection => connection.ExecuteScalar<long>("select coalesce(max(number), 0) from half"));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref next);
                await database.WriteAsync(tx => WriteHalves(tx, number), CancellationToken.None);
                Say(said, number);
            }
        }));
        return 0;
    }

    private static void Say(TextWriter said, long number)
    {
        lock (said)
        {
            said.WriteLine(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteHalves(Transaction transaction, long number)
    {
        transaction.Execute("insert into half (number, side) values (@number, 'left')", new { number });
        transaction.Execute("insert into half (number, side) values (@number, 'right')", new { number });
    }

    private static async Task<List<long>> KillAfterAsync(int count, string file)
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        using var child = ChildProcess.Start(ChildProcess.Command("write-until-killed", file, pipe.GetClientHandleAsString()));
        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        var numbers = new List<long>();
        while (await reader.ReadLineAsync(Cancel) is { } line)
        {
            numbers.Add(long.Parse(line, CultureInfo.InvariantCulture));
            if (numbers.Count == count)
            {
                child.Kill(); // SIGKILL; what it said before is still in the pipe
            }
        }

        await child.WaitForExitAsync(Cancel);
        Assert.True(numbers.Count >= count, $"the child ended after {numbers.Count} writes: {await child.StandardError.ReadToEndAsync(Cancel)}");
        return numbers;
    }
}
