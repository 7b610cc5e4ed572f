using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Drift;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Texts;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Brings rows of a dataset and of its reference into memory, as terms by which they may be told apart.</summary>
internal static class DomainReading
{
    private const string Both = "both sides";
    private const string Key = "@key";
    private const string Side = "@side";

    /// <summary>Null where the two sides share no feature that has values of which few are different, and no text.</summary>
    public static MeasuredValue? Measure(DuckDBConnection connection, RelationShape shape, ReferenceShape reference)
    {
        var shared = shape.Features.Where(feature => reference.Shape.Features.Any(other => IsAlike(feature, other))).ToImmutableArray();
        var numbers = shape.EmbeddingWidth == reference.Shape.EmbeddingWidth ? shape.EmbeddingWidth : 0;
        if (shared.IsEmpty && numbers == 0)
        {
            return null;
        }

        FeatureShape[] embedding = [.. Enumerable.Range(1, numbers).Select(i => new FeatureShape($"{RelationShape.Embedding}{i}", FeatureType.FloatingPoint))];
        connection.Run($"create or replace temp table {Sql.Name(Both)} as select *, {FoldOf} as \"@fold\" from (({Rows(reference.Shape, (shared, numbers), 0)}) union all ({Rows(shape, (shared, numbers), 1)}))");
        var terms = Terms(connection, [.. shared, .. embedding]).Aggregate((SparseRows?)null, (all, next) => all?.Beside(next) ?? next);
        var rows = connection.Query($"select \"@fold\", {Sql.Name(Side)} {From} {Ordered}", reader => (Fold: reader.GetInt32(0), IsCurrent: reader.GetInt32(1) == 1));
        connection.Run($"drop table {Sql.Name(Both)}");
        return terms is null ? null : DomainClassifier.Close(reference.Name, terms, [.. rows.Select(row => row.IsCurrent)], [.. rows.Select(row => row.Fold)]);
    }

    /// <summary>The nth of equal rows of one side is in the fold of the other's nth: what is held out would else be missing on its own side only, and equal sides would be told apart the wrong way round.</summary>
    private static string FoldOf =>
        $"cast((\"@content\" % {DomainClassifier.Folds} + row_number() over (partition by {Sql.Name(Side)}, \"@content\" order by {Sql.Name(Key)})) % {DomainClassifier.Folds} as integer)";

    private static string From => $"from {Sql.Name(Both)} where true";

    private static string Ordered => $"order by {Sql.Name(Key)}, {Sql.Name(Side)}, \"@content\"";

    private static bool IsAlike(FeatureShape feature, FeatureShape other) =>
        feature.Name == other.Name && feature.IsNumeric == other.IsNumeric && (feature.Type == FeatureType.Text) == (other.Type == FeatureType.Text);

    /// <summary>A row without an id is known by its content.</summary>
    private static string Rows(RelationShape shape, (ImmutableArray<FeatureShape> Features, int Numbers) of, int side)
    {
        var vector = Sql.Name(RelationShape.Embedding);
        var values = of.Features.Select(feature => feature.IsNumeric ? $"cast({Sql.Name(feature.Name)} as double)" : Sql.Name(feature.Name)).ToArray();
        var columns = values.Zip(of.Features, (value, feature) => $"{value} as {Sql.Name(feature.Name)}")
            .Concat(Enumerable.Range(1, of.Numbers).Select(i => $"list_extract({vector}, {i}) as {Sql.Name($"{RelationShape.Embedding}{i}")}"));
        var content = $"hash({string.Join(", ", of.Numbers > 0 ? [.. values, vector] : values)})";
        var key = shape.Roles.Contains("id") ? Sql.Name(RelationShape.Id) : $"cast({content} as varchar)";
        return $"""
            select {key} as {Sql.Name(Key)}, {side} as {Sql.Name(Side)}, {content} as "@content", {string.Join(", ", columns)}
            from {Sql.Name(shape.Table)} order by hash({key}), {key} limit {DomainClassifier.MostRows}
            """;
    }

    private static IEnumerable<SparseRows> Terms(DuckDBConnection connection, ImmutableArray<FeatureShape> features)
    {
        foreach (var text in features.Where(feature => feature.Type == FeatureType.Text))
        {
            var texts = connection.Query($"select coalesce({Sql.Name(text.Name)}, '') {From} {Ordered}", reader => reader.GetString(0));
            if (Vocabulary.Fit(texts, new TermOptions()) is { Terms.IsEmpty: false } vocabulary)
            {
                yield return vocabulary.Counts(texts);
            }
        }

        var codes = CellCodes.Of(connection, features.Where(feature => feature.Type != FeatureType.Text), From);
        if (!codes.IsEmpty)
        {
            yield return Cells(connection, codes);
        }
    }

    private static SparseRows Cells(DuckDBConnection connection, ImmutableArray<string> codes)
    {
        var columns = codes.Select(_ => new List<int>()).ToArray();
        connection.Query($"select {string.Join(", ", codes.Select(code => $"cast({code} as integer)"))} {From} {Ordered}", reader =>
        {
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Add(reader.GetInt32(i));
            }

            return true;
        });
        return CellTerms.Of([.. columns.Select(column => column.ToArray())]);
    }
}
