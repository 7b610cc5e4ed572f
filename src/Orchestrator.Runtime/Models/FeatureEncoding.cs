using System.Collections.Immutable;
using Microsoft.ML.Data;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Runtime.Models;

/// <summary>How feature columns become numbers; fitted on the training rows and stored with the model.</summary>
public sealed record FeatureEncoding(ImmutableArray<ColumnEncoding> Columns)
{
    /// <summary>Numbers and categories of a row together.</summary>
    public int Width => Columns.Where(column => column.Terms is null).Sum(column => column.Width);

    /// <summary>Terms of all texts of a row together.</summary>
    public int TermWidth => Columns.Where(column => column.Terms is not null).Sum(column => column.Width);

    public static FeatureEncoding Fit(FeatureRows rows, TermOptions options) => new([.. rows.Features.Select(column => ColumnEncoding.Fit(column, options))]);

    /// <summary>Throws <see cref="TrainingException"/> where a column is missing or of another type.</summary>
    internal EncodedRow[] Encode(FeatureRows rows)
    {
        var vectors = Vectors(rows);
        var terms = TermVectors(rows);
        return [.. vectors.Select((vector, row) => new EncodedRow { Features = vector, Terms = terms[row] })];
    }

    private float[][] Vectors(FeatureRows rows)
    {
        var vectors = new float[rows.Count][];
        for (var row = 0; row < vectors.Length; row++)
        {
            vectors[row] = new float[Width];
        }

        var offset = 0;
        foreach (var column in Columns.Where(column => column.Terms is null))
        {
            column.Write(Find(rows, column.Name), vectors, offset);
            offset += column.Width;
        }

        return vectors;
    }

    private VBuffer<float>[] TermVectors(FeatureRows rows)
    {
        var weighted = Columns.Where(column => column.Terms is not null).Select(column => (column.Width, Rows: column.Weigh(Find(rows, column.Name)))).ToArray();
        return [.. Enumerable.Range(0, rows.Count).Select(row => Joined(weighted, row))];
    }

    private VBuffer<float> Joined((int Width, SparseRows Rows)[] columns, int row)
    {
        var (indices, values, offset) = (new List<int>(), new List<float>(), 0);
        foreach (var (width, rows) in columns)
        {
            foreach (var index in rows.Indices(row))
            {
                indices.Add(offset + index);
            }

            foreach (var value in rows.Values(row))
            {
                values.Add((float)value);
            }

            offset += width;
        }

        return new(TermWidth, indices.Count, [.. values], [.. indices]);
    }

    private static FeatureColumn Find(FeatureRows rows, string name) =>
        rows.Features.FirstOrDefault(column => column.Name == name)
        ?? throw new TrainingException("TRAIN010", $"column \"{name}\" is missing",
            $"the model was trained on it; there are {string.Join(", ", rows.Features.Select(column => column.Name))}");
}
