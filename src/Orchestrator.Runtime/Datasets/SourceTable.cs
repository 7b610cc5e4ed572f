using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Files as they are, with <c>@file</c> and <c>@row</c> (from 1 within the file) beside the author's columns: a table, or a view of files that can be read again.</summary>
public sealed record SourceTable(string Name, ImmutableArray<SourceColumn> Columns)
{
    /// <summary>The files that a view reads, each with its size and time when it was opened (−1 where only the system writes it); none of a table.</summary>
    public ImmutableDictionary<string, (long Size, DateTime Time)> Files { get; private init; } = ImmutableDictionary<string, (long, DateTime)>.Empty;

    /// <summary>The files as their author names them.</summary>
    public required string Shown { get; init; }

    /// <summary>Whether the files are read at each query.</summary>
    public bool IsRead => !Files.IsEmpty;

    /// <summary>The name of a file that is another one by now; null where all are the same.</summary>
    public string? Changed => Path.GetFileName(Files.FirstOrDefault(file => file.Value.Size >= 0 && Stamp(file.Key) != file.Value).Key);

    public SourceColumn? Find(string column) => Columns.FirstOrDefault(candidate => candidate.Name == column);

    public IReadOnlyCollection<string> Names => [.. Columns.Select(column => column.Name)];

    /// <summary>Null, and a problem, where the files cannot be read.</summary>
    public static SourceTable? Load(DuckDBConnection connection, SourceTableRequest request, DatasetProblems problems)
    {
        if (Readable(request, problems) is not { } files)
        {
            return null;
        }

        return Load(connection, FileFormat.Of(files[0])!, files, request, problems);
    }

    private static SourceTable? Load(DuckDBConnection connection, FileFormat format, ImmutableArray<string> files, SourceTableRequest request, DatasetProblems problems)
    {
        try
        {
            if (ColumnsOf(connection, format, files, request, problems) is not { } columns)
            {
                return null;
            }

            if (columns.Any(column => column.Contains('\0', StringComparison.Ordinal)))
            {
                problems.Error("DATA005", $"{request.Shown} cannot be read: the name of column {columns.FindIndex(column => column.Contains('\0', StringComparison.Ordinal)) + 1} holds a zero byte", FileFormat.Allowed, request.Field);
                return null;
            }

            var table = Create(connection, format, files, request with { Texts = [.. request.Texts.Intersect(columns)], CanBeNumbered = !columns.Contains("file_row_number") });
            Bare(connection, files, request, problems);
            return table;
        }
        catch (DuckDBException exception) when (format is FileFormat.Csv { HasLongLines: false } csv && exception.Message.Contains("max_line_size", StringComparison.OrdinalIgnoreCase))
        {
            connection.Run($"drop table if exists {Sql.Name(request.Table)}");
            return Load(connection, csv with { HasLongLines = true }, files, request, problems);
        }
        catch (DuckDBException exception)
        {
            problems.Error("DATA005", $"{request.Shown} cannot be read: {FileFaults.Explain(files, format, exception.Message)}", FileFormat.Allowed, request.Field);
            return null;
        }
    }

    private static ImmutableArray<string>? Readable(SourceTableRequest request, DatasetProblems problems)
    {
        if (request.Files.Select(FileFormat.Of).Distinct().Count() != 1 || FileFormat.Of(request.Files[0]) is null)
        {
            problems.Error("DATA005", $"{request.Shown} is of no single known format", FileFormat.Allowed, request.Field);
            return null;
        }

        var full = request.Files.Where(file => new FileInfo(file).Length > 0).ToImmutableArray();
        foreach (var empty in request.Files.Except(full))
        {
            problems.Error("DATA003", $"{Path.GetFileName(empty)} is empty", "a file has at least a header", request.Field);
        }

        return full.IsEmpty ? null : full;
    }

    private static void Bare(DuckDBConnection connection, ImmutableArray<string> files, SourceTableRequest request, DatasetProblems problems)
    {
        var filled = connection.Query($"select distinct \"@file\" from {Sql.Name(request.Table)}", reader => reader.GetString(0));
        foreach (var bare in request.AreAuthored ? files.Except(filled) : [])
        {
            problems.Warn("DATA003", $"{Path.GetFileName(bare)} has a header and no rows", null, request.Field);
        }
    }

    /// <summary>Files that the author does not know have the same columns, or lack some that have no values.</summary>
    private static List<string>? ColumnsOf(DuckDBConnection connection, FileFormat format, ImmutableArray<string> files, SourceTableRequest request, DatasetProblems problems) =>
        request.AreAuthored
            ? SameColumns(connection, format, files, request, problems)
            : connection.Query($"describe select * exclude (\"@file\") from {format.Read(files, [])}", reader => reader.GetString(0));

    private static List<string>? SameColumns(DuckDBConnection connection, FileFormat format, ImmutableArray<string> files, SourceTableRequest request, DatasetProblems problems)
    {
        List<string>? first = null;
        foreach (var file in files.Where((file, i) => i == 0 || !format.SameHeader(file, files[0])))
        {
            var columns = connection.Query($"describe select * exclude (\"@file\") from {format.Header(file)}", reader => reader.GetString(0));
            first ??= columns;
            if (!columns.Order(StringComparer.Ordinal).SequenceEqual(first.Order(StringComparer.Ordinal)))
            {
                var odd = columns.Except(first).Concat(first.Except(columns)).First();
                problems.Error("DATA004", $"{Path.GetFileName(file)} and {Path.GetFileName(files[0])} differ in column \"{odd}\"", "all files of a pattern have the same columns", request.Field);
                return null;
            }
        }

        return first;
    }

    private static SourceTable Create(DuckDBConnection connection, FileFormat format, ImmutableArray<string> files, SourceTableRequest request)
    {
        var copies = format is FileFormat.Csv csv && request.CanBeNumbered ? request.Copies?.Of(connection, csv, files, request.Texts) : null;
        var rows = copies is { } made ? Numbered(made, files) : format is FileFormat.Parquet && request.CanBeNumbered ? Numbered(files, files) : null;
        var name = Sql.Name(request.Table);
        var texts = request.Texts.IsEmpty ? "" : $"replace ({string.Join(", ", request.Texts.Select(column => $"cast({Sql.Name(column)} as varchar) as {Sql.Name(column)}"))})";
        var isView = rows is not null && request.IsView;
        connection.Run($"create {(isView ? "view" : "table")} {name} as select * {texts} from {rows ?? $"(select row_number() over () as \"@row\", * from {format.Read(files, request.Texts)})"}");
        if (rows is null && files.Length > 1)
        {
            connection.Run($"update {name} set \"@row\" = \"@row\" - first + 1 from (select \"@file\" as file, min(\"@row\") as first from {name} group by 1) where \"@file\" = file");
        }

        var columns = connection.Query($"describe {name}", reader => new SourceColumn(reader.GetString(0), reader.GetString(1)));
        return new(request.Table, [.. columns.Where(column => !column.Name.StartsWith('@'))])
        {
            Shown = request.Shown,
            Files = (isView ? copies ?? files : []).ToImmutableDictionary(file => file, file => copies is null && request.AreAuthored ? Stamp(file) : (-1, default)),
        };
    }

    /// <summary>Rows of Parquet with their numbers.</summary>
    /// <param name="shown">The files that they are copies of.</param>
    private static string Numbered(ImmutableArray<string> parquet, ImmutableArray<string> shown)
    {
        var file = parquet == shown ? "\"@file\"" : $"list_extract({Sql.List(shown.Select(Sql.Text))}, list_position({Sql.List(parquet.Select(Sql.Text))}, \"@file\"))";
        return $"(select file_row_number + 1 as \"@row\", * exclude (file_row_number) replace ({file} as \"@file\") from read_parquet({Sql.List(parquet.Select(Sql.Text))}, union_by_name = true, filename = '@file', file_row_number = true))";
    }

    private static (long Size, DateTime Time) Stamp(string path) => new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : (-1, default);
}

/// <summary>A column and DuckDB's name of its type.</summary>
public sealed record SourceColumn(string Name, string Type)
{
    public bool IsWhole => Type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT";

    public bool IsFloating => Type is "DOUBLE" or "FLOAT";

    public bool IsNumber => IsWhole || IsFloating || Type.StartsWith("DECIMAL", StringComparison.Ordinal);

    public bool IsListOfNumbers => Type.EndsWith(']') && new SourceColumn(Name, Type[..Type.LastIndexOf('[')]).IsNumber;

    public bool IsInstant => Type.StartsWith("TIMESTAMP", StringComparison.Ordinal) || Type == "DATE";
}

/// <summary>What to load.</summary>
/// <param name="Shown">The files as their author names them.</param>
/// <param name="Field">The path below the dataset to the field that names them.</param>
/// <param name="Texts">Columns kept as text.</param>
public sealed record SourceTableRequest(string Table, ImmutableArray<string> Files, string Shown, string[] Field, ImmutableArray<string> Texts)
{
    /// <summary>Whether the author knows the files by name.</summary>
    public bool AreAuthored { get; init; } = true;

    /// <summary>Whether files that can be read again stay where they are.</summary>
    public bool IsView { get; init; }

    /// <summary>Whether no column has the name under which DuckDB numbers the rows of a file.</summary>
    public bool CanBeNumbered { get; init; }

    /// <summary>What keeps files that are slow to read in a faster format.</summary>
    public FileCopies? Copies { get; init; }
}
