using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Labelled rows in memory, in the order of their ids, with the segments that each falls into.</summary>
public sealed record LoadedRows(LabelledRows Rows, ImmutableArray<ImmutableArray<string>> Segments)
{
    /// <summary>A category with more values than this is no feature of a distance.</summary>
    private const int MostCategories = 50;

    /// <summary>
    /// Loads what the search for wrong labels needs: embeddings, where there are some; else the terms of a text; the cells of a table with categories, for which there is no common scale; of numbers alone the standardised columns.
    /// </summary>
    /// <param name="most">Of more rows than these only those are loaded whose ids hash lowest: the same ones whatever their order.</param>
    public static LoadedRows Load(DuckDBConnection connection, RelationShape shape, long most = long.MaxValue)
    {
        var (id, known) = (Sql.Name(RelationShape.Id), $"from {Sql.Name(shape.Table)} where {Sql.LabelIndex(shape.Classes)} is not null{(shape.EmbeddingWidth > 0 ? $" and {Sql.Name(RelationShape.Embedding)} is not null" : "")}");
        var labelled = shape.Rows <= most ? known : $"{known} and {id} in (select {id} {known} order by md5({id}), {id} limit {most})";
        var terms = shape.EmbeddingWidth > 0 ? null : Terms(connection, shape, labelled);
        var features = shape.EmbeddingWidth > 0 ? Embedding(shape) : terms is null ? [.. shape.Features.SelectMany(feature => Numbers(connection, feature, labelled))] : [];
        var width = Math.Max(1, features.Length);
        var segments = shape.Segments.Select((_, i) => $"cast({Sql.Name(RelationShape.Segment(i))} as varchar)");
        var head = new[] { Sql.Name(RelationShape.Id), $"cast({Sql.LabelIndex(shape.Classes)} - 1 as integer)", $"list_filter({Sql.List(["cast(null as varchar)", .. segments])}, x -> x is not null)" };
        var ids = ImmutableArray.CreateBuilder<string>();
        var labels = ImmutableArray.CreateBuilder<int>();
        var parts = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var values = new List<double>();
        connection.Query($"select {string.Join(", ", head.Concat(features.Select(feature => feature.Sql)))} {labelled} order by {Sql.Name(RelationShape.Id)}", reader =>
        {
            ids.Add(reader.GetString(0));
            labels.Add(reader.GetInt32(1));
            parts.Add([.. reader.GetFieldValue<List<string>>(2)]);
            values.AddRange(Enumerable.Range(head.Length, features.Length).Select(i => reader.IsDBNull(i) ? double.NaN : reader.GetDouble(i)).DefaultIfEmpty(0));
            return true;
        });
        var all = new FeatureMatrix(width, [.. values]);
        var matrix = shape.EmbeddingWidth > 0 ? all.OfUnitLength() : all.Standardised([.. features.Select(feature => feature.Weight).DefaultIfEmpty(1)]);
        return new(new(ids.ToImmutable(), matrix, labels.ToImmutable(), shape.Classes.Length) { Terms = terms }, parts.ToImmutable());
    }

    private static ImmutableArray<(string Sql, double Weight)> Embedding(RelationShape shape) =>
        [.. Enumerable.Range(1, shape.EmbeddingWidth).Select(i => ($"cast(list_extract({Sql.Name(RelationShape.Embedding)}, {i}) as double)", 1.0))];

    private static SparseRows? Terms(DuckDBConnection connection, RelationShape shape, string rows)
    {
        if (shape.Features.FirstOrDefault(feature => feature.Type == FeatureType.Text) is { } text)
        {
            return TextTerms(connection, text, rows);
        }

        return shape.Features.Any(feature => feature.Type == FeatureType.Category) ? Cells(connection, shape, rows) : null;
    }

    private static SparseRows? TextTerms(DuckDBConnection connection, FeatureShape feature, string rows)
    {
        var texts = connection.Query($"select coalesce({Sql.Name(feature.Name)}, '') {rows} order by {Sql.Name(RelationShape.Id)}", reader => reader.GetString(0));
        var vocabulary = Vocabulary.Fit(texts, new TermOptions());
        return vocabulary.Terms.IsEmpty ? null : vocabulary.Counts(texts);
    }

    private static SparseRows? Cells(DuckDBConnection connection, RelationShape shape, string rows)
    {
        var columns = CellCodes.Of(connection, shape.Features, rows);
        if (columns.IsEmpty)
        {
            return null;
        }

        var codes = columns.Select(_ => new List<int>()).ToArray();
        connection.Query($"select {string.Join(", ", columns.Select(column => $"cast({column} as integer)"))} {rows} order by {Sql.Name(RelationShape.Id)}", reader =>
        {
            for (var i = 0; i < codes.Length; i++)
            {
                codes[i].Add(reader.GetInt32(i));
            }

            return true;
        });
        return CellTerms.Of([.. codes.Select(column => column.ToArray())]);
    }

    private static IEnumerable<(string Sql, double Weight)> Numbers(DuckDBConnection connection, FeatureShape feature, string rows)
    {
        var column = Sql.Name(feature.Name);
        if (feature.Type == FeatureType.Text)
        {
            return [];
        }

        if (feature.Type != FeatureType.Category)
        {
            return [($"cast({column} as double)", 1)];
        }

        var values = connection.Query($"select distinct {column} {rows} and {column} is not null order by 1 limit {MostCategories + 1}", reader => reader.GetString(0));
        return values.Count > MostCategories ? [] : values.Select(value => ($"cast(coalesce({column} = {Sql.Text(value)}, false) as double)", 1 / Math.Sqrt(values.Count)));
    }
}
