using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>SQL that gives each row the predicate of the segment it falls into.</summary>
public sealed class SegmentColumns(DuckDBConnection connection, QuartileEdges edges, DatasetProblems problems)
{
    /// <summary>More values than this look like an identifier.</summary>
    private const int MostValues = 200;

    /// <summary>Null, and a problem, where the dataset lacks the column.</summary>
    public string? Of(SegmentSpec segment, SourceTable rows, EdgeRows given)
    {
        if (rows.Find(segment.By.Column) is null || given.Table.Find(segment.By.Column) is null)
        {
            problems.Warn("DATA017", $"column \"{segment.By.Column}\" of the segment \"{segment.Name}\" is missing", "its metrics are left out here");
            return null;
        }

        return segment.By is SegmentBy.Quartiles ? Quartiles(segment, given) : Values(segment, rows);
    }

    private string? Values(SegmentSpec segment, SourceTable rows)
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

    private string? Quartiles(SegmentSpec segment, EdgeRows given)
    {
        var column = Sql.Name(segment.By.Column);
        var found = edges.Of(segment, given);
        if (found.IsEmpty)
        {
            problems.Warn("DATA007", $"column \"{segment.By.Column}\" of the segment \"{segment.Name}\" holds no numbers", "quartiles are of numbers");
            return null;
        }

        var x = $"try_cast(r.{column} as double)";
        var value = $"case when {x} is null or isnan({x}) then null {string.Concat(found.Select((edge, i) => $"when {x} <= cast({edge.ToString("R", CultureInfo.InvariantCulture)} as double) then 'q{i + 1}' "))}else 'q4' end";
        return Predicate(segment.Name, value);
    }

    /// <summary>Text also where the value is missing for all rows: DuckDB would take a constant null for a number.</summary>
    /// <param name="value">SQL of the value.</param>
    public static string Predicate(string segment, string value) => $"cast({Sql.Text($"{segment} = '")} || replace({value}, '''', '''''') || '''' as varchar)";
}
