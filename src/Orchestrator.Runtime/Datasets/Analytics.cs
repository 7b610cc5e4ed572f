using System.Globalization;
using DuckDB.NET.Data;

namespace Orchestrator.Runtime.Datasets;

/// <summary>How much of the machine analytics may use.</summary>
/// <param name="Threads">Threads of one query; the numbers are the same for any.</param>
/// <param name="TempFolder">Where queries larger than memory spill; nowhere if absent.</param>
public sealed record AnalyticsOptions(int Threads = 2, string? TempFolder = null);

/// <summary>The one place that opens DuckDB: in memory, in UTC, without downloading or loading extensions.</summary>
public static class Analytics
{
    public static DuckDBConnection Open(AnalyticsOptions options)
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            connection.Run("set autoinstall_known_extensions = false; set autoload_known_extensions = false; set TimeZone = 'UTC'");
            connection.Run($"set threads = {options.Threads.ToString(CultureInfo.InvariantCulture)}; set temp_directory = {Core.Metrics.Sql.Text(options.TempFolder ?? "")}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Run(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> map)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>A result of doubles only, column by column; its rows are in no order.</summary>
    public static double[][] Columns(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(_ => new List<double>()).ToArray();
        while (reader.Read())
        {
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Add(reader.GetDouble(i));
            }
        }

        return [.. columns.Select(column => column.ToArray())];
    }

    public static long Count(this DuckDBConnection connection, string sql) => connection.Query(sql, reader => reader.GetInt64(0))[0];
}
