using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>One look at a PostgreSQL database: all that is read in it is of one instant, nothing can be changed, and no statement takes longer than the operator allows.</summary>
internal sealed class PostgresRead : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly DatabaseConnection _target;
    private NpgsqlTransaction? _transaction;

    private PostgresRead(NpgsqlConnection connection, DatabaseConnection target) => (_connection, _target) = (connection, target);

    /// <summary>Throws <see cref="SourceFaultException"/>, as all methods do, where the database gives no rows.</summary>
    public static async Task<PostgresRead> OpenAsync(DatabaseConnection target, CancellationToken cancellation)
    {
        var read = new PostgresRead(new NpgsqlConnection(PostgresDsn.Read(target).ConnectionString), target);
        try
        {
            await read.AskAsync(null, () => read.BeginAsync(cancellation), cancellation);
            return read;
        }
        catch
        {
            await read.DisposeAsync();
            throw;
        }
    }

    /// <summary>The columns that a query gives.</summary>
    /// <param name="texts">Columns kept as text.</param>
    public async Task<ImmutableArray<QueryColumn>> DescribeAsync(string query, IReadOnlyCollection<string> texts, CancellationToken cancellation)
    {
        var columns = ImmutableArray<QueryColumn>.Empty;
        await AskAsync(query, async () =>
        {
            await using var command = Command(new QueryText(query).Description, new(0, 0));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            columns = QueryColumn.Of(reader, texts);
        }, cancellation);
        return columns;
    }

    /// <summary>Sends the query for a range and hands its rows on.</summary>
    public async Task<T> RowsAsync<T>(
        string query, ImmutableArray<QueryColumn> columns, TimeRange range, Func<NpgsqlDataReader, Task<T>> take, CancellationToken cancellation)
    {
        var taken = default(T)!;
        await AskAsync(query, async () =>
        {
            await using var command = Command(new QueryText(query).Rows(columns), range);
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellation);
            taken = await take(reader);
        }, cancellation);
        return taken;
    }

    /// <summary>Writes all rows of a query that asks for no range, as CSV with a header.</summary>
    public Task SaveAsync(string query, TextWriter to, CancellationToken cancellation) => AskAsync(
        query,
        async () =>
        {
            using var rows = await _connection.BeginTextExportAsync($"copy ({query.Trim().TrimEnd(';')}) to stdout (format csv, header)", cancellation);
            var buffer = new char[1 << 16];
            while (await rows.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        },
        cancellation);

    public async ValueTask DisposeAsync()
    {
        await (_transaction?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _connection.DisposeAsync();
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        await _connection.OpenAsync(cancellation);
        _transaction = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var limit = ((long)_target.Timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        await using var command = new NpgsqlCommand($"set transaction read only; set local statement_timeout = {limit}; set local timezone = 'UTC'", _connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary><c>:from</c> and <c>:to</c> are bound so that rows of the range are found whichever of its ends the author includes.</summary>
    private NpgsqlCommand Command(string sql, TimeRange range)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        command.Parameters.Add(Instant("from", range.After));
        command.Parameters.Add(Instant("to", range.Until + 1));
        return command;
    }

    private static NpgsqlParameter Instant(string name, long micros) => new(name, NpgsqlDbType.TimestampTz) { Value = micros.ToInstant().UtcDateTime };

    private async Task AskAsync(string? query, Func<Task> ask, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            await ask();
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && PostgresFaults.IsOfDatabase(error))
        {
            throw PostgresFaults.Of(error, _target, query);
        }
        catch (Exception error) when (cancellation.IsCancellationRequested && PostgresFaults.IsOfDatabase(error))
        {
            throw new OperationCanceledException(cancellation);
        }
    }
}
