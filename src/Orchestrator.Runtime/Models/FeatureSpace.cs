using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Runtime.Models;

/// <summary>Feature columns as numbers of one scale, in which rows of several datasets can be compared by distance.</summary>
internal static class FeatureSpace
{
    /// <summary>A category with more values than this is no feature of a distance.</summary>
    private const int MostCategories = 50;

    /// <summary>One matrix a set of rows, over the columns that all have; standardised over all rows together, a category with the weight of a single number.</summary>
    public static FeatureMatrix[] Of(params FeatureRows[] sets)
    {
        var columns = sets[0].Features.Where(column => sets.All(set => set.Features.Any(other => Fits(other, column)))).Select(column => column.Name).ToList();
        var encodings = columns.Select(name => Encoding(sets, name)).OfType<ColumnEncoding>().ToList();
        var width = Math.Max(1, encodings.Sum(encoding => encoding.Width));
        var values = sets.SelectMany(set => Encoded(set, encodings, width)).ToArray();
        var weights = encodings.SelectMany(encoding => Enumerable.Repeat(1 / Math.Sqrt(encoding.Width), encoding.Width)).DefaultIfEmpty(1).ToArray();
        var all = new FeatureMatrix(width, values).Standardised(weights);
        var first = 0;
        return [.. sets.Select(set => Part(all, (first += set.Count) - set.Count, set.Count))];
    }

    /// <summary>One matrix a set of rows, over their embeddings, each of length 1; null where a set has none, or of another length.</summary>
    public static FeatureMatrix[]? OfVectors(params Examples[] sets)
    {
        var widths = sets.Where(set => set.Rows.Count > 0).Select(set => set.Vectors.OfType<float[]>().FirstOrDefault()?.Length ?? 0).Distinct().ToArray();
        return widths is [> 0] ? [.. sets.Select(set => new FeatureMatrix(widths[0], [.. set.Vectors.SelectMany(vector => vector ?? new float[widths[0]]).Select(number => (double)number)]).OfUnitLength())] : null;
    }

    private static bool Fits(FeatureColumn other, FeatureColumn column) => other.Name == column.Name && other.GetType() == column.GetType();

    private static ColumnEncoding? Encoding(FeatureRows[] sets, string name)
    {
        var columns = sets.Select(set => set.Features.First(column => column.Name == name)).ToList();
        if (columns[0] is FeatureColumn.Numeric)
        {
            return new ColumnEncoding(name, double.NaN, null);
        }

        var categories = columns.OfType<FeatureColumn.Category>().SelectMany(column => column.Values).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return categories.Count is 0 or > MostCategories ? null : new ColumnEncoding(name, 0, [.. categories]);
    }

    private static IEnumerable<double> Encoded(FeatureRows rows, List<ColumnEncoding> encodings, int width)
    {
        var vectors = new float[rows.Count][];
        for (var row = 0; row < vectors.Length; row++)
        {
            vectors[row] = new float[width];
        }

        var offset = 0;
        foreach (var encoding in encodings)
        {
            encoding.Write(rows.Features.First(column => column.Name == encoding.Name), vectors, offset);
            offset += encoding.Width;
        }

        return vectors.SelectMany(vector => vector).Select(value => (double)value);
    }

    private static FeatureMatrix Part(FeatureMatrix all, int first, int count)
    {
        var values = new double[count * all.Columns];
        for (var row = 0; row < count; row++)
        {
            all.Row(first + row).CopyTo(values.AsSpan(row * all.Columns));
        }

        return new(all.Columns, values);
    }
}
