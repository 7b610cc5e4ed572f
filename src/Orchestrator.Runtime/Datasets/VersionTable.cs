using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The rows of a version while it is being made: a table of DuckDB in memory.</summary>
internal sealed class VersionTable(DuckDBConnection connection, string? id, string? label) : IDisposable
{
    private const string Table = "version_rows";

    private ImmutableArray<ManifestColumn>? _columns;

    public string? Id => id;

    public string? Label => label;

    public ImmutableArray<ManifestColumn> Columns => _columns ??=
        [.. connection.Query($"describe {Table}", reader => new ManifestColumn(reader.GetString(0), reader.GetString(1)))];

    public long Count => connection.Count($"select count(*) from {Table}");

    /// <summary>The rows of a version's file.</summary>
    public static VersionTable OfFile(string parquet, DatasetManifest manifest, AnalyticsOptions options)
    {
        var connection = Analytics.Open(options);
        connection.Run($"create table {Table} as select * from read_parquet({Sql.Text(parquet)})");
        return new(connection, manifest.Id, manifest.Label);
    }

    /// <summary>Rows of tables that are loaded already; the table takes the connection over.</summary>
    /// <param name="loaded">What is not needed any more then.</param>
    public static VersionTable OfQuery(DuckDBConnection connection, string select, IEnumerable<SourceTable> loaded, (string? Id, string? Label) roles)
    {
        connection.Run($"create table {Table} as {select}");
        foreach (var source in loaded)
        {
            connection.Run($"drop table {Sql.Name(source.Name)}");
        }

        return new(connection, roles.Id, roles.Label);
    }

    /// <summary>Tells other rows from these within one release; a quick stand-in for <see cref="Identity"/>.</summary>
    public string Fingerprint => connection.Query(
        $"select concat(count(*), ' ', bit_xor(hash(r)), ' ', sum(hash(r) % 1000000007)) from {Table} r", reader => reader.GetString(0))[0];

    /// <summary>Rows with these ids, or all.</summary>
    public IEnumerable<StoredRow> Rows(IEnumerable<string>? ids, CancellationToken cancellation)
    {
        var wanted = ids is null ? "" : $"where {Sql.Name(id!)} in (select unnest({Sql.List(ids.Select(Sql.Text))}::varchar[]))";
        using var command = connection.CreateCommand();
        command.CommandText = $"select rowid, {string.Join(", ", Columns.Select(Readable))} from {Table} {wanted}";
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Row(reader);
        }
    }

    public void Relabel(IEnumerable<(long Position, string? Label)> labels)
    {
        connection.Run("create or replace temp table given (position bigint, label varchar)");
        using (var appender = connection.CreateAppender("given"))
        {
            foreach (var (position, text) in labels)
            {
                appender.CreateRow().AppendValue(position).AppendValue(text).EndRow();
            }
        }

        connection.Run($"update {Table} set {Sql.Name(label!)} = given.label from given where {Table}.rowid = given.position");
    }

    public void Drop(IReadOnlyCollection<long> positions)
    {
        if (positions.Count > 0)
        {
            connection.Run($"delete from {Table} where rowid in ({string.Join(", ", positions)})");
        }
    }

    /// <summary>Adds rows; a column of numbers that cannot hold a new one becomes wider, other values that do not fit their column throw <see cref="DatasetException"/>.</summary>
    public void Add(IReadOnlyCollection<ImmutableSortedDictionary<string, string?>> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        connection.Run($"create or replace temp table added ({string.Join(", ", Columns.Select(column => $"{Sql.Name(column.Name)} varchar"))})");
        using (var appender = connection.CreateAppender("added"))
        {
            foreach (var cells in rows)
            {
                var row = appender.CreateRow();
                Columns.Aggregate(row, (made, column) => made.AppendValue(cells.GetValueOrDefault(column.Name))).EndRow();
            }
        }

        foreach (var column in Columns)
        {
            Fit(column);
        }

        connection.Run($"insert into {Table} select {string.Join(", ", Columns.Select(column => $"cast({Sql.Name(column.Name)} as {column.Type})"))} from added");
    }

    /// <summary>Takes a column away or brings it back.</summary>
    public void Change(ColumnChange? change)
    {
        if (change is ColumnChange.Drop drop)
        {
            connection.Run($"alter table {Table} drop column {Sql.Name(drop.Name)}");
        }
        else if (change is ColumnChange.Restore restore)
        {
            Restore(restore);
        }

        _columns = null;
    }

    /// <summary>Writes the rows in the order of their ids, so that the same rows give the same file.</summary>
    public void Write(string parquet, CancellationToken cancellation)
    {
        var order = string.Join(", ", Columns.Select(column => Sql.Name(column.Name)));
        var first = id is null ? "" : $"{Sql.Name(id)}, ";
        connection.RunInterruptibly($"copy (select * from {Table} order by {first}{order}) to {Sql.Text(parquet)} ({VersionPages.Layout})", cancellation);
    }

    /// <summary>
    /// SHA-256 over the columns (name and kind, each ended by a zero byte, in ordinal order of the names) and over the hash of each row, in the order of
    /// the ids and then of the hashes: no row order, thread count or file format changes it.
    /// </summary>
    public string Identity(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in Columns.OrderBy(column => column.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{column.Name}\0{column.Kind}\0"));
        }

        var rows = Rows(null, cancellation).Select(row => (row.Id, row.Hash)).ToArray();
        foreach (var row in rows.OrderBy(row => row.Id, StringComparer.Ordinal).ThenBy(row => row.Hash, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.ASCII.GetBytes(row.Hash));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => connection.Dispose();

    private void Restore(ColumnChange.Restore restore)
    {
        connection.Run("create or replace temp table restored (\"@id\" varchar, cell varchar)");
        using (var appender = connection.CreateAppender("restored"))
        {
            foreach (var (row, cell) in restore.Cells)
            {
                appender.CreateRow().AppendValue(row).AppendValue(cell).EndRow();
            }
        }

        var name = Sql.Name(restore.Name);
        connection.Run($"alter table {Table} add column {name} {restore.Type}");
        connection.Run($"update {Table} set {name} = cast(restored.cell as {restore.Type}) from restored where {Sql.Name(id!)} = restored.\"@id\"");
    }

    private void Fit(ManifestColumn column)
    {
        var name = Sql.Name(column.Name);
        bool Holds(string type) => connection.Count($"select count(*) from added where {name} is not null and try_cast({name} as {type}) is distinct from try_cast({name} as double)") == 0;
        if (column.Kind == "number" && !Holds(column.Type) && Holds("double"))
        {
            connection.Run($"alter table {Table} alter column {name} type double");
            _columns = null;
        }
        else if (connection.Query($"select {name} from added where {name} is not null and try_cast({name} as {column.Type}) is null limit 1", reader => reader.GetString(0)) is [var odd])
        {
            throw new DatasetException($"\"{odd}\" cannot be added to the column \"{column.Name}\", which holds {column.Kind} values");
        }
    }

    private StoredRow Row(DuckDBDataReader reader)
    {
        var cells = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < Columns.Length; i++)
        {
            cells[Columns[i].Name] = RowContent.Text(reader.GetValue(i + 1));
        }

        return new(reader.GetInt64(0), (id is null ? null : cells[id]) ?? "", label is null ? null : cells[label], cells.ToImmutable());
    }

    /// <summary>A nested value has one text form, which DuckDB gives.</summary>
    private static string Readable(ManifestColumn column) =>
        column.Kind == "nested" ? $"cast({Sql.Name(column.Name)} as varchar)" : Sql.Name(column.Name);
}
