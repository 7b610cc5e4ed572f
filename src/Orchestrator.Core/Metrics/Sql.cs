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

    /// <summary>The sum of a real expression of at most 2²² in size, each term rounded to 2⁻⁴⁰ and counted so many times.</summary>
    public static string WeightedSum(string count, string expression) =>
        string.Create(CultureInfo.InvariantCulture, $"cast(coalesce(sum(cast({count} as hugeint) * cast(round(({expression}) * {Unit:F0}) as bigint)), 0) as double) / {Unit:F0}");

    /// <summary>The rows once as a whole (scope empty) and once for each segment they belong to.</summary>
    public static string Scoped(RelationShape shape, string condition)
    {
        var scopes = List(["''", .. shape.Segments.Select((_, i) => Name(RelationShape.Segment(i)))]);
        return $"(select * from (select unnest({scopes}) as scope, * from {Name(shape.Table)} where {condition}) where scope is not null)";
    }

    /// <summary>The place of the row's label in the label set, from 1; null for a label outside of it.</summary>
    public static string LabelIndex(ImmutableArray<string> classes) =>
        classes.IsEmpty ? "cast(null as integer)" : $"list_position({List(classes.Select(Text))}, {Name(RelationShape.Label)})";
}
