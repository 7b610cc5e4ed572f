using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Profiles;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Profiles;

/// <summary>A file of rows that somebody brings, whatever its delimiter and whether or not it names its columns.</summary>
internal sealed record TableFile(string Path, string? Delimiter)
{
    private const string Allowed = "allowed: .csv, .tsv, .txt, each also as .gz, and .parquet";

    private const int LongestName = 64;

    public static TableFile Of(string path)
    {
        if (!File.Exists(path))
        {
            throw new ProfileException($"there is no file \"{path}\"");
        }

        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return System.IO.Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".CSV" => new(path, ","),
            ".TSV" => new(path, "\t"),
            ".TXT" => new(path, ""),
            ".PARQUET" => new(path, null),
            _ => throw new ProfileException($"\"{path}\" is of no known format; {Allowed}"),
        };
    }

    /// <summary>A first line names the columns where its fields are short, differ, are no numbers and do not come again below.</summary>
    public bool HasHeader(DuckDBConnection connection)
    {
        if (Delimiter is null)
        {
            return true;
        }

        var lines = $"read_csv({Sql.Text(Path)}, header = false, all_varchar = true, {Options})";
        var columns = connection.Query($"describe select * from {lines}", reader => reader.GetString(0));
        var first = connection.Query($"select * from {lines} limit 1", reader => columns.Select((_, i) => reader.IsDBNull(i) ? "" : reader.GetString(i)).ToArray()).FirstOrDefault()
            ?? throw new ProfileException($"\"{Path}\" is empty");
        return first.Distinct(StringComparer.Ordinal).Count() == first.Length
            && first.Zip(columns).All(pair => IsName(pair.First) && !ComesAgain(connection, lines, pair));
    }

    /// <summary>A table function over the file.</summary>
    public string Read(bool hasHeader)
    {
        if (Delimiter is null)
        {
            return $"read_parquet({Sql.Text(Path)})";
        }

        return hasHeader
            ? $"read_csv({Sql.Text(Path)}, header = true, sample_size = -1, {Types}, {Options})"
            : $"(select columns('column(\\d+)') as \"column_\\1\" from read_csv({Sql.Text(Path)}, header = false, sample_size = -1, {Types}, {Options}))";
    }

    // No booleans: "yes" and "no" are names of classes, and stay as they are written.
    private const string Types = "auto_type_candidates = ['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'VARCHAR']";

    private string Options => Delimiter switch
    {
        "," => "delim = ',', quote = '\"'",
        // Nothing is quoted where columns are parted by tabs: quotation marks are part of the text.
        "\t" => "delim = '\t', quote = '', escape = ''",
        _ => "auto_detect = true",
    };

    private static bool IsName(string field) =>
        field.Trim().Length is > 0 and <= LongestName && !double.TryParse(field, System.Globalization.CultureInfo.InvariantCulture, out _)
        && field.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length <= 4;

    private static bool ComesAgain(DuckDBConnection connection, string lines, (string Field, string Column) first) =>
        connection.Count($"select count(*) from {lines} where {Sql.Name(first.Column)} = {Sql.Text(first.Field)}") > 1;
}
