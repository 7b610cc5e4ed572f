using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Runtime.Storage;

/// <summary>The embedded database: one writer thread that commits waiting writes in groups, and any number of short readers.</summary>
public sealed class Database : IDisposable
{
    private const int LargestGroup = 256;

    private readonly BlockingCollection<PendingWrite> _queue = new(boundedCapacity: 4096);
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private long _group;
    private bool _disposed;

    private Database(string connectionString, SqliteConnection writer)
    {
        _connectionString = connectionString;
        _writer = writer;
        _group = WriteGroup.Read(writer);
        _thread = new Thread(WriteGroups) { IsBackground = true, Name = "database writer" };
        _thread.Start();
    }

    /// <summary>Raised on the writer after each commit; handlers must be short, and see nothing of what was written.</summary>
    public event Action? Written;

    /// <summary>Opens or creates the file and brings its tables up to date; throws <see cref="StorageException"/> where the file was written by a later version.</summary>
    public static Database Open(string path, TimeProvider clock)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = true,
            DefaultTimeout = 30,
        }.ToString();
        var writer = Connect(connectionString);
        Migrations.Apply(writer, clock.GetUtcNow());
        return new Database(connectionString, writer);
    }

    /// <summary>Runs <paramref name="work"/> on the writer; completes when its effects are durable, or fails with nothing of it kept.</summary>
    public async Task<T> WriteAsync<T>(Func<Transaction, T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var pending = new PendingWrite.Of<T>(work);
        _queue.Add(pending, cancellation);
        return await pending.Completion.ConfigureAwait(false);
    }

    public Task WriteAsync(Action<Transaction> work, CancellationToken cancellation) =>
        WriteAsync(transaction => { work(transaction); return true; }, cancellation);

    /// <summary>Runs <paramref name="query"/> on a reader of its own; it sees the last commit.</summary>
    public T Read<T>(Func<DbConnection, T> query)
    {
        using var connection = Connect(_connectionString);
        return query(connection);
    }

    /// <summary>Finishes the writes that wait, then closes the file.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _queue.CompleteAdding();
        _thread.Join();
        _writer.Dispose();
        _queue.Dispose();
        using var last = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(last);
    }

    private static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 30000;";
        command.ExecuteNonQuery();
        return connection;
    }

    private void WriteGroups()
    {
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            var group = new List<PendingWrite> { first };
            while (group.Count < LargestGroup && _queue.TryTake(out var next))
            {
                group.Add(next);
            }

            CommitGroup(group);
        }
    }

    private void CommitGroup(List<PendingWrite> group)
    {
        var hooks = new List<Action>();
        try
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            foreach (var write in group)
            {
                write.Run(transaction, hooks);
            }

            WriteGroup.Set(_writer, transaction, _group + 1);
            Commit(transaction);
            _group++;
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or StorageException)
        {
            group.ForEach(write => write.Fail(error));
            return;
        }

        hooks.ForEach(hook => hook());
        group.ForEach(write => write.Succeed());
        Written?.Invoke();
    }

    /// <summary>Commits; where the outcome is in doubt, the group number that a fresh reader sees decides.</summary>
    private void Commit(SqliteTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (SqliteException) when (Read(connection => WriteGroup.Read(connection)) > _group)
        {
            // The commit reached the file before the fault was reported: the outcome is "committed".
        }
    }
}
