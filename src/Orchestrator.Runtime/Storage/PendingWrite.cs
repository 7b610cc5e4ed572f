using Microsoft.Data.Sqlite;

namespace Orchestrator.Runtime.Storage;

/// <summary>A write that waits for its group; a fault of its own undoes only itself.</summary>
internal abstract class PendingWrite
{
    private const string Savepoint = "pending_write";
    private Exception? _fault;

    public void Run(SqliteTransaction transaction, List<Action> hooks)
    {
        var scope = new Transaction(transaction.Connection!, transaction);
        transaction.Save(Savepoint);
        try
        {
            Work(scope);
            transaction.Release(Savepoint);
            hooks.AddRange(scope.Hooks);
        }
#pragma warning disable CA1031 // Boundary: the fault belongs to the caller, who gets it; the writer goes on with the others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _fault = error;
            Undo(transaction, error);
        }
    }

    public void Succeed()
    {
        if (_fault is null)
        {
            Complete();
        }
        else
        {
            SetFault(_fault);
        }
    }

    /// <summary>The group is lost; a write that had a fault of its own gets that one.</summary>
    public void Fail(Exception error) => SetFault(_fault ?? error);

    protected abstract void SetFault(Exception error);

    protected abstract void Work(Transaction transaction);

    protected abstract void Complete();

    /// <summary>Undoes this write alone; a fault such as a full disk has undone the whole transaction already, and its neighbours with it.</summary>
    private static void Undo(SqliteTransaction transaction, Exception fault)
    {
        try
        {
            transaction.Rollback(Savepoint);
        }
        catch (Exception lost) when (lost is InvalidOperationException or SqliteException)
        {
            throw new StorageException($"the database undid a group of writes: {fault.Message}", fault);
        }
    }

    internal sealed class Of<T>(Func<Transaction, T> work) : PendingWrite
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Completion => _completion.Task;

        protected override void SetFault(Exception error) => _completion.TrySetException(error);

        protected override void Work(Transaction transaction) => _result = work(transaction);

        protected override void Complete() => _completion.TrySetResult(_result!);
    }
}
