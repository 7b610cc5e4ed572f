using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>SQL that gives each row the predicate of the segment it falls into.</summary>
public static class SegmentColumns
{
    /// <summary>More values than this look like an identifier.</summary>
    private const int MostValues = 200;

    /// <summary>Null, and a problem, where the dataset lacks the column.</summary>
    /// <param name="edges">The table whose values give the edges of quartiles.</param>
    public static string? Of(DuckDBConnection connection, SegmentSpec segment, SourceTable rows, SourceTable edges, DatasetProblems problems)
    {
        if (rows.Find(segment.By.Column) is null || edges.Find(segment.By.Column) is null)
        {
            problems.Warn("DATA017", $"column \"{segment.By.Column}\" of the segment \"{segment.Name}\" is missing", "its metrics are left out here");
            return null;
        }

        return segment.By is SegmentBy.Quartiles ? Quartiles(connection, segment, edges, problems) : Values(connection, segment, rows, problems);
    }

    private static string? Values(DuckDBConnection connection, SegmentSpec segment, SourceTable rows, DatasetProblems problems)
    {
        var column = Sql.Name(segment.By.Column);
        var values = connection.Count($"select count(distinct {column}) from {Sql.Name(rows.Name)}");
        if (values > MostValues)
        {
            problems.Warn("DATA018", $"the segment \"{segment.Name}\" has {values} values", $"at most {MostValues}; its metrics are left out");
            return null;
        }

        return Predicate(segment.Name, $"cast(r.{column} as varchar)");
    }

    private static string? Quartiles(DuckDBConnection connection, SegmentSpec segment, SourceTable edges, DatasetProblems problems)
    {
        var column = Sql.Name(segment.By.Column);
        var found = connection.Query(
            $"select unnest(quantile_cont(x, [0.25, 0.5, 0.75])) from (select try_cast({column} as double) as x from {Sql.Name(edges.Name)}) where isfinite(x)",
            reader => reader.GetDouble(0).ToString("R", CultureInfo.InvariantCulture));
        if (found.Count != 3)
        {
            problems.Warn("DATA007", $"column \"{segment.By.Column}\" of the segment \"{segment.Name}\" holds no numbers", "quartiles are of numbers");
            return null;
        }

        var x = $"try_cast(r.{column} as double)";
        var value = $"case when {x} is null or isnan({x}) then null {string.Concat(found.Select((edge, i) => $"when {x} <= cast({edge} as double) then 'q{i + 1}' "))}else 'q4' end";
        return Predicate(segment.Name, value);
    }

    /// <summary>Text also where the value is missing for all rows: DuckDB would take a constant null for a number.</summary>
    /// <param name="value">SQL of the value.</param>
    public static string Predicate(string segment, string value) => $"cast({Sql.Text($"{segment} = '")} || replace({value}, '''', '''''') || '''' as varchar)";
}
