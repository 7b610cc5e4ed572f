using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Exported rows as files: CSV or Parquet, as the name tells.</summary>
public static class ExportedTable
{
    private const string Prefix = "plan_";

    private static readonly ImmutableArray<ManifestColumn> Judged =
        [new("given_label", "VARCHAR"), new("suggested_label", "VARCHAR"), new("score", "DOUBLE"), new("flagged", "BOOLEAN")];

    /// <summary>The rows that the plan names: their id, what the search thinks of them, and their other cells.</summary>
    public static void WriteRows(FixExport export, string path)
    {
        var version = export.Dataset!;
        var judged = Judged.Select(column => version.Columns.Any(other => other.Name == column.Name) ? column with { Name = Prefix + column.Name } : column);
        ManifestColumn[] columns = [.. version.Columns.Where(column => column.Name == version.Id), .. judged, .. version.Columns.Where(column => column.Name != version.Id)];
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        connection.Run($"create table texts ({string.Join(", ", columns.Select(column => $"{Sql.Name(column.Name)} varchar"))})");
        using (var appender = connection.CreateAppender("texts"))
        {
            foreach (var row in export.Rows)
            {
                string?[] said = [row.Given, row.Suggested, RowContent.Text(row.Score), RowContent.Text(row.Flagged)];
                var cells = version.Columns.Where(column => column.Name != version.Id).Select(column => row.Cells.GetValueOrDefault(column.Name));
                Append(appender, [row.Id, .. said, .. cells]);
            }
        }

        Copy(connection, $"select {string.Join(", ", columns.Select(column => $"cast({Sql.Name(column.Name)} as {column.Type}) as {Sql.Name(column.Name)}"))} from texts", path);
    }

    /// <summary>The whole version, to be repaired and handed in.</summary>
    public static void WriteVersion(string parquet, string path)
    {
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        Copy(connection, $"select * from read_parquet({Sql.Text(parquet)})", path);
    }

    private static void Append(DuckDBAppender appender, IEnumerable<string?> cells) =>
        cells.Aggregate(appender.CreateRow(), (row, cell) => row.AppendValue(cell)).EndRow();

    private static void Copy(DuckDBConnection connection, string select, string path) =>
        connection.Run($"copy ({select}) to {Sql.Text(path)} ({(path.EndsWith(".parquet", StringComparison.Ordinal) ? "format parquet" : "format csv, header")})");
}
