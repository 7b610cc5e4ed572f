using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>How rows are stored in a file; its name tells.</summary>
public abstract record FileFormat
{
    private FileFormat()
    {
    }

    public const string Allowed = "allowed: .csv, .tsv, .jsonl and .ndjson, each also with .gz, and .parquet";

    /// <summary>The types of bodies that can be pushed, to be shown.</summary>
    public const string PushedTypes = "text/csv, text/tab-separated-values, application/x-ndjson, application/jsonl or application/vnd.apache.parquet";

    public sealed record Csv(char Delimiter) : FileFormat
    {
        /// <summary>Whether a line may be longer than 2 MB, for which larger buffers are needed.</summary>
        public bool HasLongLines { get; init; }

        internal string Dialect => $"header = true, skip = 0, delim = '{Delimiter}', quote = '\"', escape = '\"'{(HasLongLines ? ", max_line_size = 67108864, buffer_size = 134217728, parallel = false" : "")}";
    }

    public sealed record JsonLines : FileFormat;

    public sealed record Parquet : FileFormat;

    public static FileFormat? Of(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
        return Path.GetExtension(name) switch
        {
            ".csv" => new Csv(','),
            ".tsv" => new Csv('\t'),
            ".jsonl" or ".ndjson" => new JsonLines(),
            ".parquet" when name == path => new Parquet(),
            _ => null,
        };
    }

    /// <summary>The extension of files with content of a media type; null where it is of none of these formats.</summary>
    public static string? ExtensionOf(string? mediaType) => mediaType?.ToLowerInvariant() switch
    {
        "text/csv" => ".csv",
        "text/tab-separated-values" => ".tsv",
        "application/x-ndjson" or "application/jsonl" or "application/x-jsonlines" => ".jsonl",
        "application/vnd.apache.parquet" or "application/x-parquet" => ".parquet",
        _ => null,
    };

    /// <summary>The media type of an extension's content, without .gz.</summary>
    public static string? TypeOf(string path) => Of(path) switch
    {
        Csv { Delimiter: ',' } => "text/csv",
        Csv => "text/tab-separated-values",
        JsonLines => "application/x-ndjson",
        Parquet => "application/vnd.apache.parquet",
        _ => null,
    };

    /// <summary>A table function that has the columns of a file, though not their types: the names of a CSV stand in its first line.</summary>
    public string Header(string file) => this is Csv csv
        ? $"read_csv([{Sql.Text(file)}], {csv.Dialect}, all_varchar = true, filename = '@file')"
        : Read([file], []);

    /// <summary>Whether the first line of a file is its whole header, and the same as that of another; false where only reading the file can tell.</summary>
    public bool SameHeader(string file, string other) => this is Csv
        && !file.EndsWith(".gz", StringComparison.Ordinal) && !other.EndsWith(".gz", StringComparison.Ordinal)
        && File.ReadLines(file).First() is var header && header == File.ReadLines(other).First() && header.Count(character => character == '"') % 2 == 0;

    /// <summary>A table function over the files; every row carries its file as <c>@file</c>.</summary>
    /// <param name="texts">Columns kept as text: an id "007" is not the number 7.</param>
    public string Read(IEnumerable<string> files, IReadOnlyCollection<string> texts)
    {
        var list = Sql.List(files.Select(Sql.Text));
        var types = string.Join(", ", texts.Select(column => $"{Sql.Text(column)}: 'varchar'"));
        return this switch
        {
            Csv csv => $"read_csv({list}, {csv.Dialect}, sample_size = -1, union_by_name = true, filename = '@file'{(texts.Count > 0 ? $", types = {{{types}}}" : "")})",
            JsonLines => $"read_json({list}, format = 'newline_delimited', sample_size = -1, union_by_name = true, filename = '@file')",
            _ => $"read_parquet({list}, union_by_name = true, filename = '@file')",
        };
    }
}
