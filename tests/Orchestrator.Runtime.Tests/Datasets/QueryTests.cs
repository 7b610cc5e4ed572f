using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>Rows and labels by queries of a PostgreSQL server.</summary>
public sealed class QueryTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Schema = """
        create table predictions (id text, served_at timestamptz, guess text, ms int);
        create table outcomes (id text, truth text, labelled_at timestamptz);
        insert into predictions values
          ('old', '2026-01-05 06:00:00Z', 'a', 1), ('a', '2026-01-05 06:00:01Z', 'a', 10), ('b', '2026-01-05 12:00:00Z', 'a', 20), ('c', '2026-01-05 18:00:00Z', 'b', 30),
          ('d', '2026-01-05 18:00:01Z', 'b', 40), ('e', '2026-01-06 00:00:00Z', 'b', 50), ('future', '2026-01-06 00:00:01Z', 'b', 60);
        insert into outcomes values
          ('old', 'b', '2026-01-05 12:00:00Z'), ('a', 'b', '2026-01-05 12:00:00Z'), ('a', 'a', '2026-01-05 13:00:00Z'), ('b', 'b', '2026-01-05 18:00:00Z'),
          ('c', 'b', '2026-01-06 00:00:00Z'), ('c', 'a', '2026-01-06 00:00:01Z'), ('d', 'a', '2026-01-05 23:00:00Z');
        """;

    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          rows:
            connection: dw
            query: select * from predictions where served_at >= :from and served_at < :to
            split: production
            window: 12h
            roles: {id: id, time: served_at, prediction: guess, latency: {column: ms, unit: ms}}
            labels: {query: select * from outcomes where labelled_at <= :to, join: id, label: truth, time: labelled_at, delay: 6h}
        metrics: [data_rows, model_accuracy, model_class_recall, system]
        min_rows: 1
        """;

    private const string Learn = """
        monitor: m
        every: 1d
        datasets: {learn: {connection: dw, query: "select * from pets", split: train, roles: {id: id, label: kind}}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private readonly TinyNode _tiny = new() { Connections = ", dw: {driver: postgres, dsn_file: dsn}" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The same rows and windows as in <see cref="DatasetReadingTests"/>: current are c, d, e; matured are a, b, c with the labels a, b, b.</summary>
    [Fact]
    public async Task Rows_and_labels_of_queries_are_measured_as_those_of_files_are()
    {
        await OpenAsync(Schema, Monitor);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([3], _tiny.Values("data_rows", "rows").Values);
        Assert.Equal(2 / 3.0, _tiny.Values("model_accuracy", "rows").Values.Single(), 1e-15);
        Assert.Equal(0.5, _tiny.Values("model_class_recall", "rows").Single(pair => pair.Key.Contains("\"b\"", StringComparison.Ordinal)).Value, 1e-15);
        Assert.Equal(0.04, _tiny.Values("system_latency_seconds", "rows").Single(pair => pair.Key.Contains("\"0.5\"", StringComparison.Ordinal)).Value, 1e-15);
    }

    /// <summary>At 7 Jan the window reaches back to 5 Jan 12:00: what of it was read at 6 Jan until 5 Jan 23:50 stays as it was read, and the rest is read then.</summary>
    [Fact]
    public async Task A_window_that_was_read_is_not_read_again_unless_it_is_still_open()
    {
        var dsn = await OpenAsync(Schema, Monitor.Replace("window: 12h", "window: 36h", StringComparison.Ordinal).Replace(", delay: 6h", "", StringComparison.Ordinal));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal([6], _tiny.Values("data_rows", "rows").Values);

        await PostgresServer.RunSqlAsync(dsn, """
            delete from predictions where id = 'd';
            insert into predictions values ('unseen', '2026-01-05 13:00:00Z', 'a', 1), ('late', '2026-01-05 23:55:00Z', 'a', 1), ('new', '2026-01-06 12:00:00Z', 'a', 1);
            """);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        // c, d and e of the first reading, "future", "late" and "new" of the second; b lies at the open end of the window.
        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([6], _tiny.Values("data_rows", "rows").Values);
        Assert.All(Directory.GetFiles(_tiny.PathOf("workspace/snapshots")), file => Assert.Matches("^[0-9a-f]{64}\\.parquet$", Path.GetFileName(file)));
    }

    [Fact]
    public async Task Another_set_of_columns_is_read_anew()
    {
        var dsn = await OpenAsync(Schema, Monitor);
        await _tiny.MoveAsync(TimeSpan.FromHours(23));
        await PostgresServer.RunSqlAsync(dsn, "alter table predictions add column country text default 'de'");
        await _tiny.MoveAsync(TimeSpan.FromHours(1));

        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([3], _tiny.Values("data_rows", "rows").Values);
    }

    [Fact]
    public async Task The_ends_of_the_window_are_bound_whatever_the_query_says_of_them()
    {
        const string Literal = "select *, ':from and :to'' -- :to' as note, served_at::date as day from predictions where served_at >= :from and served_at < :to -- the window";
        await OpenAsync(Schema, Monitor.Replace("select * from predictions where served_at >= :from and served_at < :to", $"|-\n      {Literal}", StringComparison.Ordinal));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([3], _tiny.Values("data_rows", "rows").Values);
    }

    [Fact]
    public async Task Every_type_keeps_its_value()
    {
        await OpenAsync(
            """
            create type mood as enum ('fine');
            create table pets (id bigint, kind text, amount numeric(12, 3), small smallint, ratio real, flag bool, at timestamptz, local timestamp, day date, code uuid, feeling mood, more jsonb);
            insert into pets values
              (9007199254740993, 'cat', 1234.567, 7, 0.5, true, '2026-01-05 12:00:00.123456+02', '2026-01-05 12:00', '2026-01-05', '00000000-0000-0000-0000-000000000001', 'fine', '{"x": 1}'),
              (2, 'dog', null, null, null, null, null, null, null, null, null, null);
            """,
            Learn.Replace("select * from pets", "select id, kind, amount, small, ratio, flag, at, local, day, code, feeling::text, more from pets", StringComparison.Ordinal));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(_tiny.Problems("m"));
        var rows = await _tiny.Node.Versions.RowsAsync(_tiny.Node.Versions.Current("learn")!, ["9007199254740993", "2"], Cancel);
        var full = rows.Single(row => row.Label == "cat").Cells;
        Assert.Equal(
            "amount=1234.567 at=2026-01-05T10:00:00.123456Z code=00000000-0000-0000-0000-000000000001 day=2026-01-05 feeling=fine flag=true id=9007199254740993 kind=cat "
            + "local=2026-01-05T12:00:00.000000Z more={\"x\": 1} ratio=0.5 small=7",
            string.Join(" ", full.Select(cell => $"{cell.Key}={cell.Value}")));
        Assert.Equal(["id", "kind"], rows.Single(row => row.Label == "dog").Cells.Where(cell => cell.Value is not null).Select(cell => cell.Key));
    }

    [Fact]
    public async Task What_models_learn_from_is_versioned_by_its_rows()
    {
        var dsn = await OpenAsync("create table pets (id text, x float8, kind text); insert into pets values ('a', 1, 'cat'), ('b', 2, 'dog'), ('c', 3, 'cat')", Learn);
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var first = _tiny.Node.Versions.Current("learn")!;
        Assert.Equal((1, 3L), (first.Number, first.Manifest.Rows));

        var cells = (await _tiny.Node.Versions.RowsAsync(first, ["a"], Cancel)).Single().Cells;
        await _tiny.Node.Versions.RebuildAsync(new VersionChange("k", "fix", _tiny.Node.Clocks.Now), DataPatch.Of("learn", first.Id, [new RowChange.Drop("a", cells)]), "patch", Cancel);
        await PostgresServer.RunSqlAsync(dsn, "update pets set x = 1 where id = 'a'");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal([2], _tiny.Values("data_rows", "learn").Values);

        await PostgresServer.RunSqlAsync(dsn, "insert into pets values ('d', 4, 'dog')");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal((3, 4L), (_tiny.Node.Versions.Current("learn")!.Number, _tiny.Node.Versions.Current("learn")!.Manifest.Rows));
    }

    [Fact]
    public async Task More_rows_than_a_batch_are_all_kept()
    {
        await OpenAsync(
            "select", Learn.Replace("select * from pets", "select i as id, i % 2 as kind, repeat('x', 400) as filling from generate_series(1, 120000) i", StringComparison.Ordinal));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([120_000], _tiny.Values("data_rows", "learn").Values);
    }

    public void Dispose() => _tiny.Dispose();

    private async Task<string> OpenAsync(string sql, string monitor)
    {
        var dsn = await server.CreateAsync(sql);
        await _tiny.Author("dsn", dsn).Author("rules/m.monitor.yaml", monitor).OpenAsync();
        return dsn;
    }
}
