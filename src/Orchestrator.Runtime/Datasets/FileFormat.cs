using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>How rows are stored in a file; its name tells.</summary>
public abstract record FileFormat
{
    private FileFormat()
    {
    }

    public const string Allowed = "allowed: .csv, .csv.gz, .jsonl, .jsonl.gz, .ndjson, .parquet";

    public sealed record Csv : FileFormat;

    public sealed record JsonLines : FileFormat;

    public sealed record Parquet : FileFormat;

    public static FileFormat? Of(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
        return Path.GetExtension(name) switch
        {
            ".csv" => new Csv(),
            ".jsonl" or ".ndjson" => new JsonLines(),
            ".parquet" when name == path => new Parquet(),
            _ => null,
        };
    }

    /// <summary>A table function that has the columns of a file, though not their types: the names of a CSV stand in its first line.</summary>
    public string Header(string file) => this is Csv
        ? $"read_csv([{Sql.Text(file)}], header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true, filename = '@file')"
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
            Csv => $"read_csv({list}, header = true, delim = ',', quote = '\"', escape = '\"', sample_size = -1, union_by_name = true, filename = '@file'{(texts.Count > 0 ? $", types = {{{types}}}" : "")})",
            JsonLines => $"read_json({list}, format = 'newline_delimited', sample_size = -1, union_by_name = true, filename = '@file')",
            _ => $"read_parquet({list}, union_by_name = true, filename = '@file')",
        };
    }
}
