using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>How much of the machine analytics may use.</summary>
/// <param name="Threads">Threads of one query; the numbers are the same for any.</param>
/// <param name="TempFolder">Where queries larger than memory spill; nowhere if absent, and then memory has no limit but the machine's.</param>
public sealed record AnalyticsOptions(int Threads = AnalyticsSpec.UsualThreads, string? TempFolder = null)
{
    /// <summary>What the data of one query may take, of rows and intermediate results together.</summary>
    public long MemoryBytes { get; init; } = AnalyticsSpec.UsualMemory;
}

/// <summary>The one place that opens DuckDB: in memory, in UTC, without downloading or loading extensions.</summary>
public static class Analytics
{
    private static long _opened;

    public static DuckDBConnection Open(AnalyticsOptions options)
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            connection.Run("set autoinstall_known_extensions = false; set autoload_known_extensions = false; set TimeZone = 'UTC'");
            connection.Run($"set threads = {options.Threads.ToString(CultureInfo.InvariantCulture)}; set temp_directory = {Core.Metrics.Sql.Text(Spill(options.TempFolder))}");
            if (options.TempFolder is not null)
            {
                connection.Run(string.Create(CultureInfo.InvariantCulture, $"set memory_limit = '{options.MemoryBytes}B'"));
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Databases that are open at once must not share a folder: their files have the same names. The folder itself is made where there is something to spill.</summary>
    private static string Spill(string? folder) =>
        folder is null ? "" : Path.Combine(Directory.CreateDirectory(folder).FullName, string.Create(CultureInfo.InvariantCulture, $"spill-{Environment.ProcessId}-{Interlocked.Increment(ref _opened)}"));

    public static void Run(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The same for what may take long.</summary>
    public static void RunInterruptibly(this DuckDBConnection connection, string sql, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var stop = cancellation.Register(command.Cancel);
        try
        {
            command.ExecuteNonQuery();
        }
        catch (DuckDBException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    public static List<T> Query<T>(this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> map) => connection.Query(sql, [], map);

    /// <param name="values">What the question marks of the query stand for, in their order.</param>
    public static List<T> Query<T>(this DuckDBConnection connection, string sql, IEnumerable<object> values, Func<DuckDBDataReader, T> map)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            command.Parameters.Add(new DuckDBParameter(value));
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public static long Count(this DuckDBConnection connection, string sql) => connection.Query(sql, reader => reader.GetInt64(0))[0];
}
