using System.Collections.Immutable;

namespace Orchestrator.Runtime.Models;

/// <summary>How feature columns become a vector of numbers; fitted on the training rows and stored with the model.</summary>
public sealed record FeatureEncoding(ImmutableArray<ColumnEncoding> Columns)
{
    public int Width => Columns.Sum(column => column.Width);

    public static FeatureEncoding Fit(FeatureRows rows) => new([.. rows.Features.Select(ColumnEncoding.Fit)]);

    /// <summary>One vector a row; throws <see cref="TrainingException"/> where a column is missing or of another type.</summary>
    public float[][] Encode(FeatureRows rows)
    {
        var vectors = new float[rows.Count][];
        for (var row = 0; row < vectors.Length; row++)
        {
            vectors[row] = new float[Width];
        }

        var offset = 0;
        foreach (var column in Columns)
        {
            column.Write(Find(rows, column.Name), vectors, offset);
            offset += column.Width;
        }

        return vectors;
    }

    private static FeatureColumn Find(FeatureRows rows, string name) =>
        rows.Features.FirstOrDefault(column => column.Name == name)
        ?? throw new TrainingException("TRAIN010", $"column \"{name}\" is missing",
            $"the model was trained on it; there are {string.Join(", ", rows.Features.Select(column => column.Name))}");
}
