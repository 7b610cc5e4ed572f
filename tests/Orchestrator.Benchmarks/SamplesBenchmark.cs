using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Benchmarks;

/// <summary>How fast samples become durable, how much memory they take, and how long a restart with them takes.</summary>
internal static class SamplesBenchmark
{
    private const int BatchSize = 500;
    private const int InFlight = 8;
    private const int Minutes = 1440;
    private static readonly DateTimeOffset _start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Batches through the store, and the same rows by a prepared command with a commit each and by one with as many rows a commit as the store's groups have.</summary>
    public static async Task<int> IngestAsync(string folder, int series, int seconds)
    {
        var shapes = new SampleShapes(series);
        var store = await StoredAsync(Path.Combine(folder, "store"), shapes, seconds).ConfigureAwait(false);
        var bare = Bare(Path.Combine(folder, "bare.db"), store.Body, 1, seconds);
        var grouped = Bare(Path.Combine(folder, "grouped.db"), store.Body, InFlight, seconds);
        Say($"durable and visible: {store.Rate:N0} samples/s in batches of {BatchSize}, {InFlight} in flight, {series:N0} series; WAL, synchronous=FULL; {store.Body.Length:N0} bytes a batch");
        Say($"limit, the same rows by a prepared command: {bare:N0} samples/s with a commit a row, {grouped:N0} with a commit for {InFlight}; the store reaches {store.Rate / grouped:P0} of that");
        return store.Rate >= 200_000 ? 0 : 1;
    }

    /// <summary>A day at one sample a minute in memory.</summary>
    public static int Memory(int series)
    {
        foreach (var shape in SampleShapes.All)
        {
            Say($"{SampleShapes.Name(shape)}: {BytesPerSample(shape):F2} bytes a sample");
        }

        var shapes = new SampleShapes(series);
        var head = new SeriesHead();
        var clock = Stopwatch.StartNew();
        for (var minute = 0; minute < Minutes; minute++)
        {
            AppendMinute(head, shapes, minute);
        }

        var took = clock.Elapsed;
        var snapshot = head.Snapshot();
        var samples = (long)series * Minutes;
        var busy = Process.GetCurrentProcess().WorkingSet64;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        Say($"{samples:N0} samples of {series:N0} series ({SampleShapes.Mix}): {heap / 1e6:F0} MB of objects, {(double)heap / samples:F2} bytes a sample with labels and index");
        Say($"process: {process.WorkingSet64 / 1e6:F0} MB after a full collection, {busy / 1e6:F0} MB before it, {process.PeakWorkingSet64 / 1e6:F0} MB at most while {samples / took.TotalSeconds:N0} samples/s came in");
        GC.KeepAlive(snapshot);
        return process.WorkingSet64 <= 500_000_000 ? 0 : 1;
    }

    /// <summary>Stores a day of samples and compacts all but the last two hours, as a server does over the day; the last compaction is an hour before its end.</summary>
    public static async Task<int> FillAsync(string folder, int series)
    {
        var shapes = new SampleShapes(series);
        using var opened = Opened.At(folder);
        var clock = Stopwatch.StartNew();
        var compacting = TimeSpan.Zero;
        for (var minute = 0; minute < Minutes; minute++)
        {
            var at = _start.AddMinutes(minute);
            await Task.WhenAll(shapes.Batches(minute, Math.Max(BatchSize, series / 20)).Select(batch =>
                opened.Database.WriteAsync(transaction => opened.Store.Append(transaction, at, "monitor:bench", batch), CancellationToken.None))).ConfigureAwait(false);
            if (minute % 120 == 59)
            {
                var began = clock.Elapsed;
                await opened.CompactAsync(at).ConfigureAwait(false);
                compacting += clock.Elapsed - began;
            }
        }

        Say($"{(long)series * Minutes:N0} samples stored in {clock.Elapsed.TotalSeconds:F0} s, of it {compacting.TotalSeconds:F0} s of compaction; {opened.FileBytes("*.parquet") / 1e6:F0} MB of Parquet, {opened.FileBytes("*.chunks") / 1e6:F0} MB as they are in memory, {opened.Rows:N0} batches left in the database");
        return 0;
    }

    public static int Restart(string folder)
    {
        var clock = Stopwatch.StartNew();
        using var opened = Opened.At(folder);
        var snapshot = opened.Store.Snapshot();
        var took = clock.Elapsed;
        var samples = snapshot.All.Sum(series => (long)series.Count);
        using var process = Process.GetCurrentProcess();
        Say($"restart with {samples:N0} samples of {snapshot.All.Count:N0} series: {took.TotalSeconds:F1} s, {process.WorkingSet64 / 1e6:F0} MB, {process.PeakWorkingSet64 / 1e6:F0} MB at most");
        return took.TotalSeconds <= 20 ? 0 : 1;
    }

    private static async Task<(double Rate, byte[] Body)> StoredAsync(string folder, SampleShapes shapes, int seconds)
    {
        using var opened = Opened.At(folder);
        var clock = Stopwatch.StartNew();
        var samples = 0L;
        var waiting = new Queue<Task<long>>();
        for (var minute = 0; clock.Elapsed.TotalSeconds < seconds; minute++)
        {
            foreach (var batch in shapes.Batches(minute, BatchSize))
            {
                waiting.Enqueue(opened.Database.WriteAsync(transaction => opened.Store.Append(transaction, _start, "monitor:bench", batch), CancellationToken.None));
                samples += batch.Length;
                if (waiting.Count >= InFlight)
                {
                    await waiting.Dequeue().ConfigureAwait(false);
                }
            }
        }

        await Task.WhenAll(waiting).ConfigureAwait(false);
        var rate = samples / clock.Elapsed.TotalSeconds;
        var seen = opened.Store.Snapshot().All.Sum(points => (long)points.Count);
        return seen == samples ? (rate, opened.LastBody()) : throw new InvalidDataException($"{samples} samples were stored, {seen} are seen");
    }

    private static double Bare(string file, byte[] body, int rowsPerCommit, int seconds)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma journal_mode = wal; pragma synchronous = full; create table sample_batch (seq bigint primary key, received_at bigint not null, source text not null, body blob not null); create index sample_batch_source on sample_batch (source, seq)";
        command.ExecuteNonQuery();
        using var insert = connection.CreateCommand();
        insert.CommandText = "insert into sample_batch (seq, received_at, source, body) values (@seq, 0, 'monitor:bench', @body)";
        var seq = insert.Parameters.Add("@seq", SqliteType.Integer);
        insert.Parameters.AddWithValue("@body", body);
        insert.Prepare();
        var clock = Stopwatch.StartNew();
        var rows = 0L;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var i = 0; i < rowsPerCommit; i++)
            {
                seq.Value = ++rows;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return rows * BatchSize / clock.Elapsed.TotalSeconds;
    }

    private static double BytesPerSample(int shape)
    {
        const int Few = 200;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var random = new ShapeRandom(1);
        var all = Enumerable.Range(0, Few).Select(series => Enumerable.Range(0, Minutes).Aggregate(
            (Points: SeriesPoints.Empty(Labels.Empty), Value: 0.5),
            (grown, minute) =>
            {
                var value = SampleShapes.Next(shape, grown.Value, random);
                return (grown.Points.With(new Sample(_start.AddMinutes(minute).ToMicros(), value, _start.AddMinutes(minute + 2).ToMicros(), 1000, minute + 1))!, value);
            }).Points).ToList();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(all);
        return (double)(after - before) / (Few * Minutes);
    }

    private static void AppendMinute(SeriesHead head, SampleShapes shapes, int minute)
    {
        foreach (var batch in shapes.Batches(minute, BatchSize))
        {
            head.Append(head.Watermark + 1, batch);
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    /// <summary>A database with its samples, as a node opens them.</summary>
    private sealed class Opened : IDisposable
    {
        private readonly SampleFolder _files;

        private Opened(string folder)
        {
            _files = new SampleFolder(folder);
            Database = Database.Open(Path.Combine(Directory.CreateDirectory(folder).FullName, "orchestrator.db"), TimeProvider.System);
            Store = new SampleStore();
            Database.Read(connection => { Store.Load(connection, _files, Console.Error.WriteLine); return true; });
            Folder = folder;
        }

        public Database Database { get; }

        public SampleStore Store { get; }

        public long FileBytes(string pattern) => Directory.EnumerateFiles(Path.Combine(Folder, "samples"), pattern, SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

        public long Rows => Database.Read(connection => Scalar<long>(connection, "select count(*) from sample_batch"));

        private string Folder { get; }

        public static Opened At(string folder) => new(folder);

        public Task<bool> CompactAsync(DateTimeOffset now) =>
            new SampleCompaction(Database, Store, _files, SampleLimits.Default, new Clocks(new Still(now), TimeProvider.System)).RunAsync(CancellationToken.None);

        public byte[] LastBody() => Database.Read(connection => Scalar<byte[]>(connection, "select body from sample_batch order by seq desc limit 1"));

        public void Dispose() => Database.Dispose();

        private static T Scalar<T>(System.Data.Common.DbConnection connection, string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return (T)command.ExecuteScalar()!;
        }
    }

    private sealed class Still(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
