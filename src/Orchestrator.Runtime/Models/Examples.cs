using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Models;

/// <summary>Rows of a prepared dataset in memory, ordered by id, with what they are compared and grouped by.</summary>
/// <param name="Contents">Hash of each row's features, by which the same row is known in another dataset.</param>
/// <param name="Segments">Predicates of the segments that each row falls into.</param>
/// <param name="HeldOut">Whether each row is kept from training.</param>
public sealed record Examples(
    FeatureRows Rows, ImmutableArray<string> Contents, ImmutableArray<ImmutableArray<string>> Segments, ImmutableArray<bool> HeldOut)
{
    /// <summary>Predicates of the parts that each row falls into of what is only searched.</summary>
    public ImmutableArray<ImmutableArray<string>> Slices { get; init; } = [.. Segments.Select(_ => ImmutableArray<string>.Empty)];

    /// <summary>The embedding of each row, null where a row has none; empty where the dataset has none.</summary>
    public ImmutableArray<float[]?> Vectors { get; init; } = [];

    /// <summary>Loads the labelled rows.</summary>
    /// <param name="holdout">The share of rows that is never trained on; null where none is kept.</param>
    public static Examples Load(OpenedDataset opened, Holdout? holdout, CancellationToken cancellation) => Load(opened, holdout, true, cancellation);

    /// <summary>Loads the rows with and without a label.</summary>
    public static Examples LoadAll(OpenedDataset opened, Holdout? holdout, CancellationToken cancellation) => Load(opened, holdout, false, cancellation);

    private static Examples Load(OpenedDataset opened, Holdout? holdout, bool labelled, CancellationToken cancellation)
    {
        var (shape, source) = (opened.Prepared.Matured, opened.Prepared.Source);
        var held = holdout is not null && source.Find(holdout.By) is not null ? holdout : null;
        var loading = new Loading(shape);
        using var command = opened.Connection.CreateCommand();
        command.CommandText = Select(opened.Prepared, shape, held, labelled);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            loading.Add(reader, held);
        }

        return loading.Examples();
    }

    public Examples At(IReadOnlyList<int> rows) => new(
        Rows.At(rows), [.. rows.Select(row => Contents[row])], [.. rows.Select(row => Segments[row])], [.. rows.Select(row => HeldOut[row])])
    {
        Slices = [.. rows.Select(row => Slices[row])],
        Vectors = Vectors.IsEmpty ? [] : [.. rows.Select(row => Vectors[row])],
    };

    public Examples Where(Func<int, bool> keep) => At([.. Enumerable.Range(0, Rows.Count).Where(keep)]);

    private static string Select(PreparedDataset prepared, RelationShape shape, Holdout? holdout, bool labelled)
    {
        var id = Sql.Name(RelationShape.Id);
        var by = holdout is null
            ? "cast(null as varchar)"
            : $"(select min(cast(s.{Sql.Name(holdout.By)} as varchar)) from {Sql.Name(prepared.Source.Name)} s where s.{Sql.Name(prepared.Spec.Roles.Id!)} = r.{id})";
        string Parts(IEnumerable<string> columns) => $"list_filter({Sql.List(columns.Select(column => $"cast({Sql.Name(column)} as varchar)").Prepend("cast(null as varchar)"))}, x -> x is not null)";
        var (segments, slices) = (Parts(shape.Segments.Select((_, i) => RelationShape.Segment(i))), Parts(shape.Slices.Select((_, i) => RelationShape.Slice(i))));
        var features = shape.Features.Select(feature => Sql.Name(feature.Name));
        var vector = shape.EmbeddingWidth > 0 ? Sql.Name(RelationShape.Embedding) : "cast(null as float[])";
        return $"""
            select {string.Join(", ", [id, Sql.Name(RelationShape.Label), segments, by, slices, vector, .. features])}
            from {Sql.Name(shape.Table)} r where {(labelled ? $"{Sql.Name(RelationShape.Label)} is not null" : "true")} order by {id}
            """;
    }

    private sealed class Loading(RelationShape shape)
    {
        private const int First = 6;

        private readonly List<string> _ids = [];
        private readonly List<string?> _labels = [];
        private readonly List<string> _contents = [];
        private readonly List<ImmutableArray<string>> _segments = [];
        private readonly List<ImmutableArray<string>> _slices = [];
        private readonly List<bool> _held = [];
        private readonly List<float[]?> _vectors = [];
        private readonly List<double>[] _numbers = [.. shape.Features.Select(_ => new List<double>())];
        private readonly List<string?>[] _texts = [.. shape.Features.Select(_ => new List<string?>())];

        public void Add(DuckDBDataReader reader, Holdout? holdout)
        {
            _ids.Add(reader.GetString(0));
            _labels.Add(RowContent.Text(reader.GetValue(1)));
            _segments.Add([.. reader.GetFieldValue<List<string>>(2)]);
            _slices.Add([.. reader.GetFieldValue<List<string>>(4)]);
            _held.Add(holdout is not null && !reader.IsDBNull(3) && IsHeld(reader.GetString(3), holdout.Share));
            var cells = shape.Features.Select((feature, i) => KeyValuePair.Create(feature.Name, RowContent.Text(reader.GetValue(First + i)))).ToArray();
            var vector = reader.IsDBNull(First - 1) ? null : reader.GetFieldValue<List<float>>(First - 1).ToArray();
            _vectors.Add(vector);
            _contents.Add(RowContent.Hash(cells.Length > 0 ? cells : [KeyValuePair.Create(RelationShape.Embedding, RowContent.Text(vector))]));
            for (var i = 0; i < cells.Length; i++)
            {
                AddCell(i, cells[i].Value);
            }
        }

        public Examples Examples() => new(
            new FeatureRows([.. _ids], [.. shape.Features.Select(Column)], [.. _labels]), [.. _contents], [.. _segments], [.. _held])
        {
            Slices = [.. _slices],
            Vectors = shape.EmbeddingWidth > 0 ? [.. _vectors] : [],
        };

        private void AddCell(int column, string? text)
        {
            if (shape.Features[column].Type is FeatureType.Category or FeatureType.Text)
            {
                _texts[column].Add(text);
            }
            else
            {
                _numbers[column].Add(text is null ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture));
            }
        }

        private FeatureColumn Column(FeatureShape feature, int i) => feature.Type switch
        {
            FeatureType.Category => new FeatureColumn.Category(feature.Name, [.. _texts[i]]),
            FeatureType.Text => new FeatureColumn.Text(feature.Name, [.. _texts[i]]),
            _ => new FeatureColumn.Numeric(feature.Name, [.. _numbers[i]]),
        };

        /// <summary>A function of the value alone, so that a row never moves between training and evaluation.</summary>
        private static bool IsHeld(string value, double share) => Fold.Of(value, 1_000_000) < share * 1_000_000;
    }
}
