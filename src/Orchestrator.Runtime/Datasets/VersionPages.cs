using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Which entries of a list are asked for by their number, where what is listed never changes.</summary>
public sealed record RowSpan(long Offset, int Limit);

/// <summary>Some successive rows of a version.</summary>
/// <param name="Total">Rows of the whole version, or of the segment where one was asked for.</param>
/// <param name="Offset">The number of the first row among them, from 0, in the order of the version's ids.</param>
/// <param name="Rows">Of each row its cells in the order of the columns, as text in canonical form; null where one is missing.</param>
public sealed record VersionPage(
    string Dataset, string Version, long Total, long Offset, ImmutableArray<ManifestColumn> Columns, string? Id, string? Label, ImmutableArray<ImmutableArray<string?>> Rows);

/// <summary>Reads versions a page at a time from their files: whatever their size, no more rows are held than are shown.</summary>
public sealed class VersionPages(DatasetVersions versions, AnalyticsOptions options)
{
    /// <summary>How files of versions are written: a page is read from a row group or two, so these are a small part of the file.</summary>
    public const string Layout = "format parquet, row_group_size 20480";

    /// <summary>The place of a row in its file, from 0.</summary>
    internal const string Position = "\"@position\"";

    private const int LongestCell = 1000;
    private const string Numbers = "file_row_number";

    /// <param name="filter">Only rows that it holds for.</param>
    public VersionPage Read(DatasetVersion version, RowSpan span, RowFilter filter, CancellationToken cancellation)
    {
        using var connection = Analytics.Open(options);
        var source = Source(version);
        var found = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"select {Position} from {source} where {filter.Sql} order by 1 limit {span.Limit} offset {span.Offset}"), filter.Values, reader => reader.GetInt64(0));
        var rows = At(connection, version, found, cancellation);
        var total = connection.Query($"select count(*) from {source} where {filter.Sql}", filter.Values, reader => reader.GetInt64(0))[0];
        return Page(version, (total, span.Offset), found.Select(position => rows[position]));
    }

    public VersionPage Read(DatasetVersion version, RowSpan span, CancellationToken cancellation)
    {
        using var connection = Analytics.Open(options);
        var which = string.Create(CultureInfo.InvariantCulture, $"where {Position} >= {span.Offset} and {Position} < {span.Offset + span.Limit} order by {Position}");
        return Page(version, (version.Manifest.Rows, span.Offset), Rows(connection, version, which, cancellation));
    }

    private static VersionPage Page(DatasetVersion version, (long Total, long Offset) of, IEnumerable<ImmutableArray<string?>> rows) =>
        new(version.Dataset, version.Id, of.Total, of.Offset, version.Manifest.Columns, version.Manifest.Id, version.Manifest.Label, [.. rows.Select(row => row.Select(Shown).ToImmutableArray())]);

    /// <summary>Rows by their place in the file of a version.</summary>
    internal Dictionary<long, ImmutableArray<string?>> At(DuckDBConnection connection, DatasetVersion version, IEnumerable<long> positions, CancellationToken cancellation)
    {
        var places = positions.Distinct().Order().ToArray();
        var wanted = string.Join(", ", places.Select(position => position.ToString(CultureInfo.InvariantCulture)));
        return places.Length == 0 ? [] : places.Zip(Rows(connection, version, $"where {Position} in ({wanted}) order by {Position}", cancellation)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Rows by their ids; of rows with one id always the same one.</summary>
    internal Dictionary<string, ImmutableArray<string?>> Of(DatasetVersion version, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var id = version.Manifest.Id;
        if (ids.Count == 0 || id is null)
        {
            return new(StringComparer.Ordinal);
        }

        using var connection = Analytics.Open(options);
        var at = version.Manifest.Columns.Select(column => column.Name).ToImmutableArray().IndexOf(id);
        var wanted = $"where cast({Sql.Name(id)} as varchar) in (select unnest({Sql.List(ids.Select(Sql.Text))}::varchar[])) order by {Position}";
        return Rows(connection, version, wanted, cancellation).DistinctBy(row => row[at]).ToDictionary(row => row[at]!, StringComparer.Ordinal);
    }

    /// <summary>A version's file with the place of each row beside its columns; a column named as DuckDB names places is the author's.</summary>
    internal string Source(DatasetVersion version)
    {
        var file = versions.FileOf(version);
        if (!File.Exists(file))
        {
            throw new StorageException($"the version {version.Id} of {version.Dataset} is not there: {file} is missing");
        }

        return version.Manifest.Columns.Any(column => column.Name == Numbers)
            ? $"(select *, row_number() over () - 1 as {Position} from read_parquet({Sql.Text(file)}))"
            : $"(select * exclude ({Numbers}), {Numbers} as {Position} from read_parquet({Sql.Text(file)}, {Numbers} = true))";
    }

    /// <summary>What is shown of a cell: of a long one its beginning.</summary>
    internal static string? Shown(string? cell) => cell?.Length > LongestCell ? $"{cell[..LongestCell]}…" : cell;

    private List<ImmutableArray<string?>> Rows(DuckDBConnection connection, DatasetVersion version, string which, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var columns = version.Manifest.Columns;
        return connection.Query(
            $"select {string.Join(", ", columns.Select(Readable))} from {Source(version)} {which}",
            reader => Enumerable.Range(0, columns.Length).Select(i => RowContent.Text(reader.GetValue(i))).ToImmutableArray());
    }

    /// <summary>A nested value has one text form, which DuckDB gives.</summary>
    private static string Readable(ManifestColumn column) =>
        column.Kind == "nested" ? $"cast({Sql.Name(column.Name)} as varchar)" : Sql.Name(column.Name);
}
