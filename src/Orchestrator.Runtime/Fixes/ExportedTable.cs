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

        connection.Run($"create view rows as select {string.Join(", ", columns.Select(column => $"cast({Sql.Name(column.Name)} as {column.Type}) as {Sql.Name(column.Name)}"))} from texts");
        Copy(connection, "rows", path);
    }

    /// <summary>The whole version, to be repaired and handed in.</summary>
    public static void WriteVersion(string parquet, string path)
    {
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        connection.Run($"create view rows as select * from read_parquet({Sql.Text(parquet)})");
        Copy(connection, "rows", path);
    }

    private static void Append(DuckDBAppender appender, IEnumerable<string?> cells) =>
        cells.Aggregate(appender.CreateRow(), (row, cell) => row.AppendValue(cell)).EndRow();

    /// <summary>Only CSV files are opened in programs that know formulas.</summary>
    private static void Copy(DuckDBConnection connection, string view, string path)
    {
        if (path.EndsWith(".parquet", StringComparison.Ordinal))
        {
            connection.Run($"copy (select * from {view}) to {Sql.Text(path)} (format parquet)");
            return;
        }

        var columns = connection.Query($"describe {view}", reader => (Name: reader.GetString(0), IsText: reader.GetString(1) == "VARCHAR"));
        var cells = columns.Select(column => $"{(column.IsText ? SpreadsheetCell.NeutralColumn(column.Name) : Sql.Name(column.Name))} as {Sql.Name(SpreadsheetCell.Neutral(column.Name))}");
        connection.Run($"copy (select {string.Join(", ", cells)} from {view}) to {Sql.Text(path)} (format csv, header)");
    }
}
