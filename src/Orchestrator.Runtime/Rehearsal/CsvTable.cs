using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>A small CSV file as text, as the world of a story hands files around; RFC 4180 quoting.</summary>
public sealed record CsvTable(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    /// <summary>A plain CSV file is read here, since a story hands hundreds of small ones around; of any other kind DuckDB makes what it can.</summary>
    public static CsvTable Read(string path) => path.EndsWith(".csv", StringComparison.Ordinal) ? ReadPlain(path) : ReadAny(path);

    /// <summary>The values of a column in row order; throws <see cref="StoryException"/> where there is no such column.</summary>
    public ImmutableArray<string> Column(string name)
    {
        var at = Columns.IndexOf(name);
        return at >= 0 ? [.. Rows.Select(row => row[at])] : throw new StoryException([$"there is no column \"{name}\"; there are {string.Join(", ", Columns)}"]);
    }

    /// <summary>The table with further columns at its right.</summary>
    public CsvTable With(IReadOnlyList<string> columns, Func<int, IEnumerable<string>> values) =>
        new([.. Columns, .. columns], [.. Rows.Select((row, i) => row.AddRange(values(i)))]);

    /// <summary>Writes the file as a whole or not at all: a reader never sees half of it.</summary>
    public void Write(string path)
    {
        var lines = Rows.Prepend(Columns).Select(row => string.Join(',', row.Select(Quoted)));
        StoryFiles.Place(path, string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>Empty lines are no rows; one with another number of values than the head has is refused with its place.</summary>
    private static CsvTable ReadPlain(string path)
    {
        using var reader = new StreamReader(path);
        var records = CsvRecords.Read(reader).Where(record => record is not [""]).ToList();
        var columns = records.Count > 0 ? records[0] : throw new StoryException([$"{path} is empty; allowed: a file with a head"]);
        var odd = records.FindIndex(record => record.Length != columns.Length);
        return odd < 0
            ? new CsvTable(columns, [.. records.Skip(1)])
            : throw new StoryException([$"{path}: record {odd + 1} has {records[odd].Length} values; allowed: {columns.Length}, as many as the head"]);
    }

    private static CsvTable ReadAny(string path)
    {
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        connection.Run($"create table rows as select * from read_csv({Sql.Text(path)}, header = true, all_varchar = true)");
        var columns = connection.Query("describe rows", reader => reader.GetString(0));
        var rows = connection.Query(
            "select * from rows", reader => ImmutableArray.CreateRange(Enumerable.Range(0, columns.Count).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))));
        return new CsvTable([.. columns], [.. rows]);
    }

    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny(",\"\n\r") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
