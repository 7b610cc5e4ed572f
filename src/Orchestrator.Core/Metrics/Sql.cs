using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Core.Metrics;

/// <summary>Pieces of SQL that reductions share.</summary>
public static class Sql
{
    /// <summary>2⁴⁰: sums of real terms run over whole numbers of this unit, so that no order of the rows and no number of threads changes a bit.</summary>
    private const double Unit = 1099511627776;

    /// <summary>2⁵⁸: the same for terms that were brought to the size of 1.</summary>
    private const double Fine = 288230376151711744;

    public static string Name(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string List(IEnumerable<string> expressions) => $"[{string.Join(", ", expressions)}]";

    /// <summary>The sum of a bounded real expression (at most 2²² in size), each term rounded to 2⁻⁴⁰.</summary>
    public static string FixedSum(string expression) =>
        string.Create(CultureInfo.InvariantCulture, $"cast(coalesce(sum(cast(round(({expression}) * {Unit:F0}) as bigint)), 0) as double) / {Unit:F0}");

    /// <summary>The sum of a real expression of at most 16 in size, each term rounded to 2⁻⁵⁸.</summary>
    public static string UnitSum(string expression) =>
        string.Create(CultureInfo.InvariantCulture, $"cast(coalesce(sum(cast(round(({expression}) * {Fine:F0}) as bigint)), 0) as double) / {Fine:F0}");

    /// <summary>Terms of the rows, once as a whole (scope 0) and once for each segment that the row belongs to, by its number: a text a row would cost more than what is reduced.</summary>
    /// <param name="terms">Named expressions, evaluated once a row.</param>
    public static string Scoped(RelationShape shape, string terms, string condition)
    {
        var segments = shape.Segments.Select((_, i) => Name(RelationShape.Segment(i))).ToArray();
        var scopes = List(["cast(0 as integer)", .. segments.Select((segment, i) => $"cast(enum_code({segment}) as integer) + {FirstScope(shape, i)}")]);
        var rows = $"select {string.Join(", ", segments.Prepend(terms))} from {Name(shape.Table)} where {condition}";
        return $"(select * from (select unnest({scopes}) as scope, * from ({rows})) where scope is not null)";
    }

    /// <summary>A query's rows with the predicates of their scopes in place of the numbers, in the order of scope, key and other.</summary>
    public static string ByScope(RelationShape shape, string query)
    {
        var predicates = List(shape.SegmentParts.SelectMany(parts => parts).Select(Text).Prepend("''"));
        return $"select * replace (list_extract({predicates}, scope + 1) as scope) from ({query}) order by scope, key, other";
    }

    /// <summary>The part of a segment that the row falls into, from 1; 0 where it falls into none.</summary>
    public static string Code(string segment) => $"cast(coalesce(cast(enum_code({Name(segment)}) as integer) + 1, 0) as usmallint)";

    private static int FirstScope(RelationShape shape, int segment) => 1 + shape.SegmentParts.Take(segment).Sum(parts => parts.Length);

    /// <summary>The place of the row's label in the label set, from 1; null for a label outside of it.</summary>
    public static string LabelIndex(ImmutableArray<string> classes) =>
        classes.IsEmpty ? "cast(null as integer)" : $"list_position({List(classes.Select(Text))}, {Name(RelationShape.Label)})";
}
