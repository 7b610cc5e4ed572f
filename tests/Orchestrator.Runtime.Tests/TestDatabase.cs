using System.Data.Common;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests;

/// <summary>A database of its own that lives as long as its test.</summary>
public sealed class TestDatabase : IDisposable
{
    private readonly TempFolder _folder = new();

    public TestDatabase() => Open = Database.Open(File, TimeProvider.System);

    public string File => _folder["test.db"];

    public Database Open { get; private set; }

    public Task<T> WriteAsync<T>(Func<Transaction, T> work) => Open.WriteAsync(work, TestContext.Current.CancellationToken);

    public Task WriteAsync(Action<Transaction> work) => Open.WriteAsync(work, TestContext.Current.CancellationToken);

    public T Read<T>(Func<DbConnection, T> query) => Open.Read(query);

    /// <summary>Closes the file and opens it again, as a restarted server does.</summary>
    public void Reopen()
    {
        Open.Dispose();
        Open = Database.Open(File, TimeProvider.System);
    }

    public void Dispose()
    {
        Open.Dispose();
        _folder.Dispose();
    }
}
