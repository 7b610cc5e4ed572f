using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Brings rows of queries into Parquet files under the workspace; what was read of a time that has settled is not read again.</summary>
public sealed class QuerySnapshots(Workspace workspace, Database database, Clocks clocks, AnalyticsOptions options)
{
    private readonly SnapshotFolder _folder = new(workspace, database.Read(SnapshotStore.Files), clocks.Real);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _reading = new(StringComparer.Ordinal);

    /// <summary>The files that hold the rows, and perhaps more; throws <see cref="SourceFaultException"/> where the database does not give them.</summary>
    internal async Task<ImmutableArray<string>> ReadAsync(QueryRequest request, DatabaseConnection target, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var read = await PostgresRead.OpenAsync(target, cancellation);
        var query = new QueryText(request.From.Sql);
        var columns = await read.DescribeAsync(request.From.Sql, request.Texts, cancellation);
        var reading = new Reading(read, request, columns, cancellation);
        var isSliced = query.IsBounded && !request.Ranges.IsEmpty && columns.Any(column => column.Name == request.Time);
        return isSliced
            ? await SlicedAsync(reading, target)
            : [await OpenAsync(reading, Whole(request, at), "true")];
    }

    /// <summary>One reader a source at a time: what it has read, the next finds.</summary>
    private async Task<ImmutableArray<string>> SlicedAsync(Reading reading, DatabaseConnection target)
    {
        var source = Source(reading, target);
        var turn = _reading.GetOrAdd(source, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(reading.Cancellation);
        try
        {
            var known = database.Read(connection => SnapshotStore.List(connection, source));
            var files = known.Where(snapshot => reading.Request.Ranges.Any(snapshot.Range.Meets)).Select(snapshot => _folder.FileOf(snapshot.File)).ToList();
            var settled = (clocks.Now - reading.Request.Settling).ToMicros();
            foreach (var gap in TimeRange.Uncovered(reading.Request.Ranges, known.Select(snapshot => snapshot.Range)).SelectMany(gap => gap.SplitAt(settled)))
            {
                files.Add(gap.Until <= settled ? await KeepAsync(reading, source, gap) : await OpenAsync(reading, gap, Inside(reading.Request.Time!, gap)));
            }

            return [.. files.Distinct()];
        }
        finally
        {
            turn.Release();
        }
    }

    private Task<string> KeepAsync(Reading reading, string source, TimeRange range) => CopyAsync(reading, range, Inside(reading.Request.Time!, range), async (written, rows) =>
    {
        var hash = await _folder.KeepAsync(written, reading.Cancellation);
        var snapshot = new Snapshot(source, reading.Request.Part.Dataset, range, hash, rows, clocks.Now);
        await database.WriteAsync(transaction => SnapshotStore.Add(transaction, snapshot), CancellationToken.None);
        return _folder.FileOf(hash);
    });

    /// <param name="kept">Predicate of the rows that are kept.</param>
    private Task<string> OpenAsync(Reading reading, TimeRange range, string kept) =>
        CopyAsync(reading, range, kept, (written, _) => Task.FromResult(_folder.Open(written)));

    /// <summary>Writes the rows of a range into a file and places it; nothing is left where that fails half-way.</summary>
    private async Task<string> CopyAsync(Reading reading, TimeRange range, string kept, Func<string, long, Task<string>> place)
    {
        var stage = _folder.Stage();
        try
        {
            using var writing = new ParquetWriting(options, stage, reading.Columns, kept);
            var (file, rows) = await reading.Read.RowsAsync(
                reading.Request.From.Sql, reading.Columns, range, reader => writing.WriteAsync(reader, reading.Cancellation), reading.Cancellation);
            return await place(file, rows);
        }
        finally
        {
            Directory.Delete(stage, recursive: true);
        }
    }

    /// <summary>A row that has no time lies in every range, as its author's query says so.</summary>
    private static string Inside(string time, TimeRange range)
    {
        var column = Sql.Name(time);
        return $"coalesce(epoch_us(try_cast({column} as timestamptz)) > {range.After} and epoch_us(try_cast({column} as timestamptz)) <= {range.Until}, true)";
    }

    private static TimeRange Whole(QueryRequest request, DateTimeOffset at) => request.Ranges.IsEmpty
        ? new(DateTimeOffset.MinValue.AddYears(1).ToMicros(), at.ToMicros())
        : new(request.Ranges.Min(range => range.After), request.Ranges.Max(range => range.Until));

    /// <summary>Another connection, query or set of columns is another source: nothing of the old one is mixed in.</summary>
    private static string Source(Reading reading, DatabaseConnection target) => Digest.Of(string.Join(
        '\0', [target.Name, reading.Request.From.Sql, reading.Request.Time!, .. reading.Columns.Select(column => $"{column.Name}:{column.Kind}")]));

    private sealed record Reading(PostgresRead Read, QueryRequest Request, ImmutableArray<QueryColumn> Columns, CancellationToken Cancellation);
}
