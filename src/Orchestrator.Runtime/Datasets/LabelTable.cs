using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Labels that arrive apart from their rows: for each joining value the newest that is known at the instant.</summary>
public static class LabelTable
{
    private const string Joined = "@join";
    private const string Known = "@known";
    private const string Given = "@given";
    private const string First = "@first";
    private const string Last = "@last";

    /// <summary>The join of the prepared rows; empty where there is nothing to join yet.</summary>
    public static string Join(DuckDBConnection connection, DatasetSpec spec, SourceTable? labels, (DateTimeOffset At, string Table) target, DatasetProblems problems)
    {
        if (spec.Labels is not { } join || labels is null || !HasColumns(join, labels, problems))
        {
            return "";
        }

        var known = join.Time is { } time ? $"epoch_us(try_cast({Sql.Name(time)} as timestamptz)) <= {target.At.ToMicros()}" : "true";
        var newest = join.Time is { } instant ? $"try_cast({Sql.Name(instant)} as timestamptz) desc" : "1";
        connection.Run($"""
            create table {Sql.Name(target.Table)} as
            select {Sql.Name(join.Join)} as {Sql.Name(Joined)}, case when min({Sql.Name(join.Label)}) = max({Sql.Name(join.Label)}) then min({Sql.Name(join.Label)}) end as {Sql.Name(RelationShape.Label)},
              {(join.Time is null ? "cast(null as bigint)" : $"max(epoch_us(try_cast({Sql.Name(join.Time)} as timestamptz)))")} as {Sql.Name(Known)},
              count(*) as {Sql.Name(Given)}, min({Sql.Name(join.Label)}) as {Sql.Name(First)}, max({Sql.Name(join.Label)}) as {Sql.Name(Last)}
            from (select * from {Sql.Name(labels.Name)} where {known} and {Sql.Name(join.Join)} is not null and {Sql.Name(join.Label)} is not null
              qualify rank() over (partition by {Sql.Name(join.Join)} order by {newest}) = 1)
            group by 1
            """);
        Contradictions(connection, target.Table, problems);
        return $"left join {Sql.Name(target.Table)} l on r.{Sql.Name(join.Join)} = l.{Sql.Name(Joined)}";
    }

    /// <summary>Tells of labels that belong to no row, and of those that are older than the prediction they judge.</summary>
    /// <param name="time">SQL of a row's time in microseconds; null where rows have none.</param>
    public static void Compare(DuckDBConnection connection, DatasetSpec spec, (SourceTable Rows, string? Time, string Table) joined, DatasetProblems problems)
    {
        var (key, labels, rows) = (Sql.Name(spec.Labels!.Join), Sql.Name(joined.Table), Sql.Name(joined.Rows.Name));
        var stray = connection.Query(
            $"select count(*), min({Sql.Name(Joined)}), (select count(*) from {labels}) from {labels} l where not exists (select 1 from {rows} r where r.{key} = l.{Sql.Name(Joined)})",
            reader => (Count: reader.GetInt64(0), Example: reader.IsDBNull(1) ? "" : reader.GetString(1), All: reader.GetInt64(2)))[0];
        if (stray.Count > 0 && (spec.From is DataLocation.Files || stray.Count == stray.All))
        {
            problems.Warn("DATA055", $"{stray.Count} of {stray.All} labels belong to no row, such as that of \"{stray.Example}\"", "rows and labels share the values of the column that joins them", "labels", "join");
        }

        var early = joined.Time is null ? [] : connection.Query(
            $"select count(*), min(r.{key}) from {rows} r join {labels} l on r.{key} = l.{Sql.Name(Joined)} where l.{Sql.Name(Known)} < {joined.Time} having count(*) > 0",
            reader => (Count: reader.GetInt64(0), Example: reader.GetString(1)));
        if (early is [var (count, example)])
        {
            problems.Warn("DATA056", $"{count} labels are older than the row they belong to, such as that of \"{example}\"", "clocks that differ, or labels that were known before", "labels", "time");
        }
    }

    /// <summary>Of one instant there is one label: of labels that contradict each other none counts.</summary>
    private static void Contradictions(DuckDBConnection connection, string table, DatasetProblems problems)
    {
        var found = connection.Query(
            $"select count(*), min({Sql.Name(Joined)}), min_by({Sql.Name(First)}, {Sql.Name(Joined)}), min_by({Sql.Name(Last)}, {Sql.Name(Joined)}) from {Sql.Name(table)} where {Sql.Name(First)} <> {Sql.Name(Last)} having count(*) > 0",
            reader => (Count: reader.GetInt64(0), Id: reader.GetString(1), First: reader.GetString(2), Last: reader.GetString(3)));
        if (found is [var (count, id, first, last)])
        {
            var more = count == 1 ? "" : $" (and {count - 1} more)";
            problems.Error("DATA053", $"\"{id}\" has the labels \"{first}\" and \"{last}\" of the same time{more}", "the newest label of a row counts; such rows are read as if they had none", "labels", "label");
        }

        var twice = connection.Count($"select coalesce(sum({Sql.Name(Given)} - 1), 0)::bigint from {Sql.Name(table)} where {Sql.Name(First)} = {Sql.Name(Last)}");
        if (twice > 0)
        {
            problems.Warn("DATA054", $"{twice} labels are given more than once", "each counts once", "labels");
        }
    }

    public static ImmutableArray<string> Texts(LabelJoin join) => [join.Join, join.Label];

    /// <summary>Whether the columns that the monitor file names are there.</summary>
    public static bool HasColumns(LabelJoin join, SourceTable labels, DatasetProblems problems)
    {
        var fields = new (string Field, string? Column)[] { ("join", join.Join), ("label", join.Label), ("time", join.Time) };
        var missing = fields.Where(field => field.Column is { } column && labels.Find(column) is null).ToArray();
        foreach (var (field, column) in missing)
        {
            problems.Nearest("DATA006", $"the labels have no column \"{column}\"", labels.Names, column!, "labels", field);
        }

        return missing.Length == 0;
    }
}
