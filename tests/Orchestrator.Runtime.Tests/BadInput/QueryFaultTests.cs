using System.Diagnostics;
using System.Globalization;
using System.Text;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>A database that is away, slow or asked for the wrong thing: told at the place of the query, and the files beside it are measured.</summary>
public sealed class QueryFaultTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          good: {connection: data, path: good.csv, split: test, roles: {id: id}}
          bad:
            connection: dw
            query: QUERY
            split: test
            roles: {id: id}
        metrics: [data_rows]
        min_rows: 1
        """;

    private readonly LoggedLines _log = new();
    private TinyNode? _tiny;

    private TinyNode Tiny => _tiny!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("select 1 as id, 'x'::bytea as raw", "DATA044 bad: column \"raw\" holds bytes (bytea), which no metric can read; leave it out, or cast it in the query, such as column::text")]
    [InlineData("select 1 as id, array[1, 2] as many", "DATA044 bad: column \"many\" is of the type integer[], which is not read; leave it out, or cast it in the query, such as column::text")]
    [InlineData("select 1 as id, 2 as id", "DATA044 bad: the query gives two columns \"id\"; name each column once, such as select a.id, b.id as other_id")]
    [InlineData("select id from pest", "DATA042 bad: the query fails at line 1 of it: relation \"pest\" does not exist; allowed: one select, which changes nothing")]
    [InlineData("select 1 / (x - x) as id from (select 1 as x) t", "DATA042 bad: the query fails: division by zero; allowed: one select, which changes nothing")]
    [InlineData("delete from pets returning id", "DATA042 bad: the query fails")]
    [InlineData("select nextval('counter') as id", "DATA042 bad: the query fails: cannot execute nextval() in a read-only transaction; allowed: one select, which changes nothing")]
    [InlineData("select 1 as id) q; drop table pets; select * from (select 1 as id", "DATA042 bad: the query fails")]
    [InlineData("select 'a' as id from pg_sleep(20)", "DATA043 bad: the query took longer than 00:00:00.5000000; the timeout of connection \"dw\" says how long one may take")]
    public async Task A_query_that_gives_no_rows_is_told_and_the_rest_is_measured(string query, string problem)
    {
        var dsn = await OpenAsync(query);
        var watch = Stopwatch.StartNew();

        await Tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.StartsWith($"rules/m.monitor.yaml:7:12: {problem}", Assert.Single(Tiny.Problems("m")), StringComparison.Ordinal);
        Assert.Equal([1], Tiny.Values("data_rows", "good").Values);
        Assert.Empty(Tiny.Values("data_rows", "bad"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
        await PostgresServer.RunSqlAsync(dsn, "do $$ begin assert (select count(*) from pets) = 1; assert not (select is_called from counter); end $$");
    }

    [Theory]
    [InlineData("Password=pl4nted-s3cret", "Password=wr0ng-s3cret", "DATA041 bad: the database of connection \"dw\" does not let us in; its dsn_file names a user, a password and a database that exist")]
    [InlineData("Database=", "Database=n0where", "DATA041 bad: the database of connection \"dw\" does not let us in; its dsn_file names a user, a password and a database that exist")]
    [InlineData("Host=", "Hots=", "DATA041 bad: the dsn_file of connection \"dw\" holds no connection string; allowed: one line such as Host=db;")]
    [InlineData("Host=127.0.0.1;", "", "DATA041 bad: the dsn_file of connection \"dw\" names no host; allowed: one line such as Host=db;")]
    public async Task A_connection_string_that_is_wrong_is_told_and_never_shown(string text, string replacement, string problem)
    {
        var dsn = (await OpenAsync("select 1 as id")).Replace(text, replacement, StringComparison.Ordinal);
        Tiny.Author("dsn", dsn);

        await Tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.StartsWith($"rules/m.monitor.yaml:7:12: {problem}", Assert.Single(Tiny.Problems("m")), StringComparison.Ordinal);
        Assert.Equal([1], Tiny.Values("data_rows", "good").Values);
        AssertNothingIsShown();
    }

    [Fact]
    public async Task An_address_is_a_connection_string_too()
    {
        await OpenAsync("select 1 as id");
        Tiny.Author("dsn", string.Create(CultureInfo.InvariantCulture, $"postgres://reader:{Uri.EscapeDataString(PostgresServer.Password)}@127.0.0.1:{server.Port}/postgres?sslmode=disable\n"));

        await Tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(Tiny.Problems("m"));
        AssertNothingIsShown();
    }

    [Fact]
    public async Task A_database_that_is_away_is_asked_again_until_it_is_back()
    {
        await OpenAsync("select id from pets");
        await server.StopAsync();

        await Tiny.MoveAsync(TimeSpan.FromDays(1));
        var waiting = Assert.Single(Tiny.Node.Database.Read(EffectStore.Open), effect => effect.Kind == MeasureEffect.KindName);
        Assert.Equal("rules/m.monitor.yaml:7:12: DATA040 bad: the database of connection \"dw\" is away; it is asked again; the rest goes on without it", waiting.Note);
        Assert.Null(Tiny.Node.Database.Read(connection => FiringStore.Last(connection, "m"))!.EndedAt);

        await server.StartAsync();
        Tiny.Real.Advance(TimeSpan.FromMinutes(1));
        await Tiny.SettleAsync();

        Assert.Empty(Tiny.Problems("m"));
        Assert.Equal([1], Tiny.Values("data_rows", "bad").Values);
        AssertNothingIsShown();
    }

    [Fact]
    public async Task What_does_not_need_a_database_that_stays_away_is_measured_in_the_end()
    {
        var dsn = await OpenAsync("select id from pets");
        Tiny.Author("dsn", dsn.Replace("Port=", "Port=1", StringComparison.Ordinal)[..dsn.IndexOf("Port=", StringComparison.Ordinal)] + "Port=1;Username=reader;Password=" + PostgresServer.Password);

        await Tiny.MoveAsync(TimeSpan.FromDays(1));
        for (var attempt = 1; attempt < EffectWorker.AttemptLimit; attempt++)
        {
            Tiny.Real.Advance(TimeSpan.FromMinutes(1));
            await Tiny.SettleAsync();
        }

        Assert.Contains("DATA040 bad: the database of connection \"dw\" is away", Assert.Single(Tiny.Problems("m")), StringComparison.Ordinal);
        Assert.Equal([1], Tiny.Values("data_rows", "good").Values);
        AssertNothingIsShown();
    }

    /// <summary>The connection ends itself after the first batch of rows was written.</summary>
    [Fact]
    public async Task A_connection_that_is_lost_half_way_leaves_no_half_snapshot()
    {
        await OpenAsync("select i as id, case when i = 60000 then pg_terminate_backend(pg_backend_pid()) end as gone from generate_series(1, 100000) i");

        await Tiny.MoveAsync(TimeSpan.FromDays(1));

        var waiting = Assert.Single(Tiny.Node.Database.Read(EffectStore.Open), effect => effect.Kind == MeasureEffect.KindName);
        Assert.Contains("DATA040 bad: the database of connection \"dw\" is away", waiting.Note, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Tiny.PathOf("workspace/snapshots"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_measurement_that_is_cancelled_leaves_the_query_at_once()
    {
        await OpenAsync("select 'a' as id from pg_sleep(60)", "1h");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var revision = Tiny.Node.Revisions.Current!;
        var watch = Stopwatch.StartNew();
        stop.CancelAfter(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tiny.Node.Measurements.RunAsync(revision, revision.Monitor("m")!, Tiny.Node.Clocks.Now, stop.Token));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task A_cell_of_ten_megabytes_is_a_cell()
    {
        await OpenAsync("select i as id, repeat('x', 10000000) as filling from generate_series(1, 4) i", "1m");

        await Tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(Tiny.Problems("m"));
        Assert.Equal([4], Tiny.Values("data_rows", "bad").Values);
    }

    [Theory]
    [InlineData("0-10", "", "0-10")]
    [InlineData("0-10 20-30", "5-25", "0-5 25-30")]
    [InlineData("0-10 5-20 20-30", "", "0-30")]
    [InlineData("0-10", "0-3 7-10 2-5", "5-7")]
    [InlineData("0-10", "-5-15", "")]
    [InlineData("3-3", "", "")]
    public void What_is_read_is_what_no_snapshot_covers(string wanted, string covered, string read) =>
        Assert.Equal(read, string.Join(' ', TimeRange.Uncovered(Ranges(wanted), Ranges(covered)).Select(range => $"{range.After}-{range.Until}")));

    public void Dispose() => _tiny?.Dispose();

    private static IEnumerable<TimeRange> Ranges(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(range =>
    {
        var cut = range.LastIndexOf('-');
        return new TimeRange(long.Parse(range[..cut], CultureInfo.InvariantCulture), long.Parse(range[(cut + 1)..], CultureInfo.InvariantCulture));
    });

    private async Task<string> OpenAsync(string query, string timeout = "500ms")
    {
        var dsn = await server.CreateAsync("create table pets (id text); insert into pets values ('a'); create sequence counter");
        _tiny = new TinyNode { Connections = $", dw: {{driver: postgres, dsn_file: dsn, timeout: {timeout}}}", Logging = _log };
        await Tiny.Author("dsn", dsn).Author("data/good.csv", "id\na\n").Author("rules/m.monitor.yaml", Monitor.Replace("QUERY", $"\"{query}\"", StringComparison.Ordinal)).OpenAsync();
        return dsn;
    }

    /// <summary>Neither the log nor any file of the workspace holds what the connection string holds.</summary>
    private void AssertNothingIsShown()
    {
        var shown = string.Join('\n', _log.All);
        foreach (var secret in new[] { "s3cret", "n0where", "127.0.0.1" })
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
            Assert.All(Directory.GetFiles(Tiny.PathOf("workspace"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)), file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                Assert.DoesNotContain(secret, reader.ReadToEnd(), StringComparison.Ordinal);
            });
        }
    }
}
