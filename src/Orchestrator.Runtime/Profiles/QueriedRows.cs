using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Queries;

namespace Orchestrator.Runtime.Profiles;

/// <summary>The rows of a query of somebody's own, as a file that can be profiled.</summary>
public static class QueriedRows
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Reads in a read-only transaction; throws <see cref="ProfileException"/> where the database gives no rows.</summary>
    /// <param name="dsnFile">A file that holds the connection string of a PostgreSQL database.</param>
    public static async Task SaveAsync(string dsnFile, string query, string path, CancellationToken cancellation)
    {
        try
        {
            await using var read = await PostgresRead.OpenAsync(new DatabaseConnection("init", Path.GetFullPath(dsnFile), Longest), cancellation).ConfigureAwait(false);
            await using var file = File.CreateText(path);
            await read.SaveAsync(query, file, cancellation).ConfigureAwait(false);
        }
        catch (SourceFaultException error)
        {
            throw new ProfileException($"{error.Fault.Text}; {error.Fault.Allowed}");
        }
    }
}
