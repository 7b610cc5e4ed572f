using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The embedding of each row: a column of number lists, or a column for each number.</summary>
/// <param name="Columns">In the order of the file.</param>
/// <param name="IsList">Whether it is one column of lists.</param>
/// <param name="Width">Numbers of an embedding.</param>
public sealed record EmbeddingColumns(ImmutableArray<string> Columns, bool IsList, int Width)
{
    private const int MostNumbers = 16_384;

    /// <summary>A list of finite numbers; null for a row with others, more, or fewer of them.</summary>
    public string List
    {
        get
        {
            var list = IsList
                ? $"try_cast({PreparedColumns.Stored(Columns[0])} as float[])"
                : Sql.List(Columns.Select(column => $"try_cast({PreparedColumns.Stored(column)} as float)"));
            var width = Width.ToString(CultureInfo.InvariantCulture);
            return $"case when len({list}) = {width} and len(list_filter({list}, x -> isfinite(x))) = {width} then {list} end";
        }
    }

    /// <summary>Null where the dataset has none, and a problem where its columns hold no embedding.</summary>
    public static EmbeddingColumns? Of(DuckDBConnection connection, DatasetSpec spec, SourceTable table, DatasetProblems problems)
    {
        if (spec.Roles.Embedding is not { } pattern)
        {
            return null;
        }

        SourceColumn[] columns = [.. table.Columns.Where(column => ResolvedRoles.Matches(pattern, column.Name))];
        if (columns.Length == 0)
        {
            problems.Nearest("DATA006", $"no column matches \"{pattern}\", the role \"embedding\" names it", table.Names, pattern, "roles", "embedding");
            return null;
        }

        var isList = columns is [{ IsListOfNumbers: true }];
        if (!isList && Array.Find(columns, column => !column.IsNumber) is { } odd)
        {
            problems.Error("DATA007", $"column \"{odd.Name}\" of the embedding is {odd.Type}", "one column of lists of numbers, or columns of numbers", "roles", "embedding");
            return null;
        }

        var width = isList ? Usual(connection, table, columns[0].Name) : columns.Length;
        if (width is 0 or > MostNumbers)
        {
            problems.Error("DATA007", $"the embeddings have {width} numbers", $"1 to {MostNumbers}", "roles", "embedding");
            return null;
        }

        return new([.. columns.Select(column => column.Name)], isList, width);
    }

    /// <summary>Tells of rows whose embedding is missing or unlike the others; whether any row has one.</summary>
    public bool Check(DuckDBConnection connection, string rows, DatasetProblems problems)
    {
        var (all, known) = connection.Query($"select count(*), count({Sql.Name(RelationShape.Embedding)}) from {Sql.Name(rows)}", reader => (reader.GetInt64(0), reader.GetInt64(1)))[0];
        if (known < all)
        {
            problems.Warn("DATA058", $"{all - known} of {all} rows have no embedding of {Width} finite numbers", "what is measured by embeddings leaves them out", "roles", "embedding");
        }

        return known > 0;
    }

    /// <summary>The length that most lists have, the shorter one where two are as frequent; 0 where there is none.</summary>
    private static int Usual(DuckDBConnection connection, SourceTable table, string column) => connection.Query(
        $"select cast(len({Sql.Name(column)}) as integer) as n from {Sql.Name(table.Name)} where len({Sql.Name(column)}) > 0 group by 1 order by count(*) desc, n limit 1",
        reader => reader.GetInt32(0)).FirstOrDefault();
}
