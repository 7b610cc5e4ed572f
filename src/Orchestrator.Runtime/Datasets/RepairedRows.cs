using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A file that a person hands in as the repaired content of a dataset.</summary>
/// <param name="Name">As its owner calls it, for what is said of it.</param>
public sealed record RepairedFile(string Name, string Path, FileFormat Format);

/// <summary>Reads a repaired file in the columns and types of a version, so that its rows can be compared with the version's.</summary>
internal sealed class RepairedRows(RepairedFile file, DatasetManifest manifest)
{
    private const string Table = "repaired";
    private const int Expressions = 3;

    /// <summary>Throws <see cref="DatasetException"/>, with the place, where the file cannot be read or does not fit the dataset.</summary>
    public IReadOnlyList<StoredRow> Read(AnalyticsOptions options, CancellationToken cancellation)
    {
        using var connection = Analytics.Open(options);
        try
        {
            connection.Run($"create table {Table} as select * exclude (\"@file\") from {file.Format.Header(file.Path)}");
            RestoreNames(connection);
            CheckColumns(connection.Query($"describe {Table}", reader => reader.GetString(0)));
            return Rows(connection, cancellation);
        }
        catch (DuckDBException error)
        {
            var fault = FileFaults.Explain([file.Path], file.Format, error.Message);
            throw new DatasetException($"the file cannot be read: {fault.Replace(Path.GetFileName(file.Path), file.Name, StringComparison.Ordinal)}");
        }
    }

    /// <summary>Names of columns that our own CSV files write with an apostrophe.</summary>
    private void RestoreNames(DuckDBConnection connection)
    {
        foreach (var column in manifest.Columns.Where(column => SpreadsheetCell.Neutral(column.Name) != column.Name))
        {
            if (connection.Query($"describe {Table}", reader => reader.GetString(0)).Contains(SpreadsheetCell.Neutral(column.Name)))
            {
                connection.Run($"alter table {Table} rename column {Sql.Name(SpreadsheetCell.Neutral(column.Name))} to {Sql.Name(column.Name)}");
            }
        }
    }

    private void CheckColumns(List<string> columns)
    {
        var known = manifest.Columns.Select(column => column.Name).ToList();
        if (columns.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            var nearest = Nearest.To(unknown, known.Except(columns, StringComparer.Ordinal)) is { } near ? $"; did you mean {near}?" : "";
            throw new DatasetException($"{file.Name}: {manifest.Dataset} has no column \"{unknown}\"; allowed: {string.Join(", ", known)}{nearest}");
        }

        if (known.Except(columns, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            throw new DatasetException($"{file.Name} has no column \"{string.Join("\", \"", missing)}\"; needed: {string.Join(", ", known)}");
        }
    }

    private List<StoredRow> Rows(DuckDBConnection connection, CancellationToken cancellation)
    {
        var rows = new List<StoredRow>();
        using var command = connection.CreateCommand();
        command.CommandText = $"select {string.Join(", ", manifest.Columns.Select(Readable))} from {Table}";
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add(Row(reader, rows.Count + 1));
        }

        return rows;
    }

    private StoredRow Row(DuckDBDataReader reader, int number)
    {
        var cells = manifest.Columns.Select((column, i) => KeyValuePair.Create(column.Name, Cell(reader, i, number))).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return cells[manifest.Id!] is { } id
            ? new(number, id, manifest.Label is { } label ? cells[label] : null, cells)
            : throw new DatasetException($"{file.Name}: row {number} has no {manifest.Id}; every row needs one, a new row one of its own");
    }

    /// <summary>An empty text is a missing value: CSV cannot tell one from the other.</summary>
    private string? Cell(DuckDBDataReader reader, int index, int number)
    {
        var (column, at) = (manifest.Columns[index], index * Expressions);
        if (reader.IsDBNull(at) || reader.GetString(at) is not { Length: > 0 } text)
        {
            return null;
        }

        var typed = RowContent.Text(reader.GetValue(at + 1));
        var value = column.Kind == "number" && !reader.IsDBNull(at + 2) ? Number(typed, reader.GetDouble(at + 2), column) : typed;
        return value ?? throw new DatasetException($"{file.Name}: row {number} has \"{text}\" as {column.Name}, which holds {column.Kind} values");
    }

    /// <summary>A fraction in a column of whole numbers stays one: the column becomes wider when the row is added.</summary>
    private static string? Number(string? typed, double wide, ManifestColumn column) =>
        column.Type is "DOUBLE" or "FLOAT" || (typed is not null && Math.Floor(wide).Equals(wide)) ? typed : RowContent.Text(wide);

    /// <summary>The cell as it stands, in the version's type, and as a number of any size.</summary>
    private static string Readable(ManifestColumn column)
    {
        var name = Sql.Name(column.Name);
        var typed = column.Kind == "nested" ? $"cast(try_cast({name} as {column.Type}) as varchar)" : $"try_cast({name} as {column.Type})";
        return $"cast({name} as varchar), {typed}, {(column.Kind == "number" ? $"try_cast({name} as double)" : "null")}";
    }
}
