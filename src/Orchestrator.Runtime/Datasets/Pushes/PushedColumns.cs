using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets.Pushes;

/// <summary>Compares the columns of a batch with those of the batches before it: all batches of a dataset have the same.</summary>
internal static class PushedColumns
{
    /// <summary>The columns of a loaded batch; a column without a value is of no kind yet.</summary>
    public static ImmutableArray<PushedColumn> Of(DuckDBConnection connection, SourceTable table)
    {
        var counts = connection.Query(
            $"select {string.Join(", ", table.Columns.Select(column => $"count({Sql.Name(column.Name)})").DefaultIfEmpty("0"))} from {Sql.Name(table.Name)}",
            reader => table.Columns.Select((_, i) => reader.GetInt64(i)).ToArray())[0];
        return [.. table.Columns.Select((column, i) => new PushedColumn(column.Name, counts[i] == 0 ? "" : KindOf(column)))];
    }

    /// <summary>The columns known so far with those of a batch that fits them; null, and problems, where it does not fit.</summary>
    public static ImmutableArray<PushedColumn>? Merge(
        DuckDBConnection connection, SourceTable table, (ImmutableArray<PushedColumn> Known, ImmutableArray<PushedColumn> Given) columns, DatasetProblems problems)
    {
        var (known, given) = columns;
        if (known.IsEmpty)
        {
            return given;
        }

        var fits = Names(known, given, problems);
        foreach (var (before, now) in known.Join(given, column => column.Name, column => column.Name, (before, now) => (before, now)))
        {
            if (before.Kind.Length > 0 && now.Kind.Length > 0 && before.Kind != now.Kind)
            {
                fits = false;
                problems.Error("DATA051", $"column \"{now.Name}\" holds {now.Kind} values{Example(connection, table, before)}, and {before.Kind} values in the batches before", "all batches of a dataset have the same columns", "push");
            }
        }

        return fits ? [.. known.Select(before => before.Kind.Length > 0 ? before : given.First(now => now.Name == before.Name))] : null;
    }

    private static bool Names(ImmutableArray<PushedColumn> known, ImmutableArray<PushedColumn> given, DatasetProblems problems)
    {
        var (before, now) = (known.Select(column => column.Name).ToList(), given.Select(column => column.Name).ToList());
        foreach (var missing in before.Except(now))
        {
            problems.Nearest("DATA051", $"column \"{missing}\" is missing, which the batches before have", now, missing, "push");
        }

        foreach (var other in now.Except(before))
        {
            problems.Nearest("DATA051", $"column \"{other}\" is new", before, other, "push");
        }

        return before.Count == now.Count && !before.Except(now).Any();
    }

    /// <summary>The first value that is no number where there were numbers.</summary>
    private static string Example(DuckDBConnection connection, SourceTable table, PushedColumn before)
    {
        var column = Sql.Name(before.Name);
        var first = before.Kind != "number" ? [] : connection.Query(
            $"select \"@row\", cast({column} as varchar) from {Sql.Name(table.Name)} where {column} is not null and try_cast({column} as double) is null order by 1 limit 1",
            reader => $" (row {reader.GetInt64(0)}: \"{Short(reader.GetString(1))}\")");
        return first is [var example] ? example : "";
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string KindOf(SourceColumn column) => new ManifestColumn(column.Name, column.Type).Kind is var kind && kind == "date" ? "instant" : kind;
}
