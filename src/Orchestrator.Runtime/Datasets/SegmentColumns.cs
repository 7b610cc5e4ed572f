using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A column of the segment that each row falls into.</summary>
/// <param name="Sql">An enumeration of the predicates of its parts.</param>
/// <param name="Parts">The predicates, in the order of the enumeration.</param>
public sealed record SegmentColumn(SegmentSpec Spec, string Sql, ImmutableArray<string> Parts);

/// <summary>SQL that gives each row the predicate of the segment it falls into.</summary>
/// <param name="dataset">Whose rows they are.</param>
public sealed class SegmentColumns(DuckDBConnection connection, QuartileEdges edges, string dataset, DatasetProblems problems)
{
    /// <summary>More values than this look like an identifier.</summary>
    private const int MostValues = 200;

    /// <summary>A code has room for so many.</summary>
    private const int MostClasses = ushort.MaxValue - 1;

    /// <summary>Null, and a problem, where the dataset lacks the column.</summary>
    public SegmentColumn? Of(SegmentSpec segment, SourceTable rows, EdgeRows given)
    {
        if (rows.Find(segment.By.Column) is null || given.Table.Find(segment.By.Column) is null)
        {
            problems.Warn("DATA017", $"column \"{segment.By.Column}\" of the segment \"{segment.Name}\" is missing", "its metrics are left out here");
            return null;
        }

        return segment.By is SegmentBy.Quartiles ? Quartiles(segment, given) : Values(segment, rows);
    }

    private SegmentColumn? Values(SegmentSpec segment, SourceTable rows) =>
        OfValues(segment, $"cast(r.{Sql.Name(segment.By.Column)} as varchar)", $"{Sql.Name(rows.Name)} r", MostValues);

    /// <summary>The classes of the rows' labels.</summary>
    /// <param name="label">SQL of the label; null where there is none.</param>
    /// <param name="rows">What it is selected from.</param>
    public SegmentColumn? OfLabel(SegmentSpec segment, string? label, string rows) => OfValues(segment, label ?? "cast(null as varchar)", rows, MostClasses);

    private SegmentColumn? OfValues(SegmentSpec segment, string value, string rows, int most)
    {
        var values = connection.Count($"select count(distinct {value}) from {rows}");
        if (values > most)
        {
            problems.Warn("DATA018", $"the segment \"{segment.Name}\" has {values} values", $"at most {most}; its metrics are left out");
            return null;
        }

        var found = connection.Query($"select distinct {value} as \"@value\" from {rows} where \"@value\" is not null", reader => Predicate(segment, reader.GetString(0)));
        return Enumerated(segment, found, type => $"cast({Sql.Text($"{segment.Name} = '")} || replace({value}, '''', '''''') || '''' as {type})");
    }

    private SegmentColumn? Quartiles(SegmentSpec segment, EdgeRows given)
    {
        var column = Sql.Name(segment.By.Column);
        var found = edges.Of(segment, given);
        if (found.IsEmpty)
        {
            problems.Warn("DATA007", $"column \"{segment.By.Column}\" of the segment \"{segment.Name}\" holds no numbers", "quartiles are of numbers");
            return null;
        }

        var x = $"try_cast(r.{column} as double)";
        var parts = Enumerable.Range(1, 4).Select(i => Predicate(segment, $"q{i}")).ToArray();
        return Enumerated(segment, parts, type =>
        {
            string Part(int i) => $"cast({Sql.Text(parts[i])} as {type})";
            var below = found.Select((edge, i) => $"when {x} <= cast({edge.ToString("R", CultureInfo.InvariantCulture)} as double) then {Part(i)} ");
            return $"case when {x} is null or isnan({x}) then null {string.Concat(below)}else {Part(3)} end";
        });
    }

    private static string Predicate(SegmentSpec segment, string value) => SegmentPredicate.Condition(segment.Name, value);

    /// <summary>An enumeration takes a byte a row where a text takes sixteen and more; one without parts would be none.</summary>
    private SegmentColumn Enumerated(SegmentSpec segment, IEnumerable<string> predicates, Func<string, string> column)
    {
        var parts = predicates.Order(StringComparer.Ordinal).ToImmutableArray();
        var type = Sql.Name($"segment {segment.Name} of {dataset}");
        connection.Run($"create type {type} as enum ({string.Join(", ", parts.DefaultIfEmpty("").Select(Sql.Text))})");
        return new(segment, column(type), parts);
    }
}
