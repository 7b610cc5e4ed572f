using System.Data.Common;
using Dapper;

namespace Orchestrator.Runtime.Storage;

/// <summary>One unit of writing: all of it is committed, or none.</summary>
public sealed class Transaction
{
    private readonly DbTransaction _transaction;
    private readonly List<Action> _afterCommit = [];

    internal Transaction(DbConnection connection, DbTransaction transaction)
    {
        Connection = connection;
        _transaction = transaction;
    }

    public DbConnection Connection { get; }

    internal IReadOnlyList<Action> Hooks => _afterCommit;

    /// <summary>Runs a statement; the number of rows that it changed.</summary>
    public int Execute(string sql, object? parameters = null) => Connection.Execute(sql, parameters, _transaction);

    public T? Scalar<T>(string sql, object? parameters = null) => Connection.ExecuteScalar<T>(sql, parameters, _transaction);

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => Connection.Query<T>(sql, parameters, _transaction).AsList();

    public T? Single<T>(string sql, object? parameters = null) => Connection.QuerySingleOrDefault<T>(sql, parameters, _transaction);

    /// <summary>Does <paramref name="hook"/> on the writer once the group is durable, in the order of the writes; it must be short and must not throw.</summary>
    public void AfterCommit(Action hook) => _afterCommit.Add(hook);
}
