using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Npgsql;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Writes rows into a Parquet file batch by batch: what is in memory is one batch, however many rows there are.</summary>
internal sealed class ParquetWriting : IDisposable
{
    private const string Staging = "incoming";
    private const int BatchRows = 50_000;
    private const long BatchCharacters = 32 * 1024 * 1024;

    private readonly DuckDBConnection _connection;
    private readonly string _folder;
    private readonly ImmutableArray<QueryColumn> _columns;
    private readonly string _kept;
    private readonly List<string> _parts = [];

    /// <param name="folder">Empty, for the batches; the caller removes it.</param>
    /// <param name="kept">Predicate of the rows that are kept.</param>
    public ParquetWriting(AnalyticsOptions options, string folder, ImmutableArray<QueryColumn> columns, string kept)
    {
        (_folder, _columns, _kept) = (folder, columns, kept);
        _connection = Analytics.Open(options with { TempFolder = folder });
        _connection.Run($"create table {Staging} ({string.Join(", ", columns.Select(column => column.Definition))})");
    }

    /// <summary>Reads all rows; the file with them and their number.</summary>
    public async Task<(string File, long Rows)> WriteAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        while (await BatchAsync(reader, cancellation))
        {
        }

        var file = Path.Combine(_folder, "all.parquet");
        if (_parts.Count == 1)
        {
            File.Move(_parts[0], file);
        }
        else
        {
            _connection.Run($"copy (select * from read_parquet({Sql.List(_parts.Select(Sql.Text))})) to {Sql.Text(file)} (format parquet)");
        }

        return (file, _connection.Count($"select count(*) from read_parquet({Sql.Text(file)})"));
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Writes the next batch, also an empty first one; whether there may be more.</summary>
    private async Task<bool> BatchAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var (rows, characters) = (0, 0L);
        using (var appender = _connection.CreateAppender(Staging))
        {
            while (rows < BatchRows && characters < BatchCharacters && await reader.ReadAsync(cancellation))
            {
                characters += Append(appender.CreateRow(), reader);
                rows++;
            }
        }

        if (rows > 0 || _parts.Count == 0)
        {
            var part = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"part-{_parts.Count:00000}.parquet"));
            _connection.Run($"copy (select * from (select {string.Join(", ", _columns.Select(column => column.Stored))} from {Staging}) where {_kept}) to {Sql.Text(part)} (format parquet)");
            _connection.Run($"delete from {Staging}");
            _parts.Add(part);
        }

        return rows == BatchRows || characters >= BatchCharacters;
    }

    private long Append(IDuckDBAppenderRow row, NpgsqlDataReader reader)
    {
        var characters = 0L;
        for (var i = 0; i < _columns.Length; i++)
        {
            characters += Cell(row, reader, i);
        }

        row.EndRow();
        return characters;
    }

    private int Cell(IDuckDBAppenderRow row, NpgsqlDataReader reader, int i)
    {
        try
        {
            return _columns[i].Append(row, reader, i);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new SourceFaultException(new("DATA044", $"column \"{_columns[i].Name}\" holds a value that cannot be kept as {_columns[i].Kind}", "instants lie in the years 1 to 9999"));
        }
    }
}
