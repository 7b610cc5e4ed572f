using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>SQL of the codes of a table's cells: the place of a category, the bin of a number, 0 where the value is missing.</summary>
internal static class CellCodes
{
    /// <summary>A category with more values tells too little of each.</summary>
    private const int MostCategories = 200;

    /// <param name="rows">The from and where clauses of the rows.</param>
    public static ImmutableArray<string> Of(DuckDBConnection connection, IEnumerable<FeatureShape> features, string rows) =>
        [.. features.Select(feature => feature.Type == FeatureType.Category ? Category(connection, feature.Name, rows) : Number(connection, feature.Name, rows)).OfType<string>()];

    private static string? Category(DuckDBConnection connection, string feature, string rows)
    {
        var column = Sql.Name(feature);
        var values = connection.Query($"select distinct {column} {rows} and {column} is not null order by 1 limit {MostCategories + 1}", reader => reader.GetString(0));
        return values.Count is 0 or > MostCategories ? null : $"coalesce(list_position({Sql.List(values.Select(Sql.Text))}, {column}), 0)";
    }

    private static string? Number(DuckDBConnection connection, string feature, string rows)
    {
        var column = $"cast({Sql.Name(feature)} as double)";
        var shares = Sql.List(Enumerable.Range(1, CellTerms.Bins - 1).Select(i => ((double)i / CellTerms.Bins).ToString("R", CultureInfo.InvariantCulture)));
        var edges = connection.Query(
            $"select distinct unnest(quantile_cont(x, {shares})) as edge from (select {column} as x {rows}) where isfinite(x) order by edge",
            reader => reader.GetDouble(0).ToString("R", CultureInfo.InvariantCulture));
        var above = edges.Select(edge => $"cast({column} > cast({edge} as double) as integer)");
        return edges.Count == 0 ? null : $"case when coalesce(isfinite({column}), false) then 1 + {string.Join(" + ", above)} else 0 end";
    }
}
