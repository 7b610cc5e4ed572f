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

    /// <summary>The join of the prepared rows; empty where there is nothing to join yet.</summary>
    public static string Join(DuckDBConnection connection, DatasetSpec spec, SourceTable? labels, (DateTimeOffset At, string Table) target, DatasetProblems problems)
    {
        if (spec.Labels is not { } join || labels is null || !HasColumns(join, labels, problems))
        {
            return "";
        }

        var known = join.Time is { } time ? $"epoch_us(try_cast({Sql.Name(time)} as timestamptz)) <= {target.At.ToMicros()}" : "true";
        var newest = join.Time is { } instant ? $"try_cast({Sql.Name(instant)} as timestamptz) desc, " : "";
        connection.Run($"""
            create table {Sql.Name(target.Table)} as
            select {Sql.Name(join.Join)} as {Sql.Name(Joined)}, {Sql.Name(join.Label)} as {Sql.Name(RelationShape.Label)} from {Sql.Name(labels.Name)} where {known}
            qualify row_number() over (partition by {Sql.Name(join.Join)} order by {newest}{Sql.Name(join.Label)}) = 1
            """);
        return $"left join {Sql.Name(target.Table)} l on r.{Sql.Name(join.Join)} = l.{Sql.Name(Joined)}";
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
