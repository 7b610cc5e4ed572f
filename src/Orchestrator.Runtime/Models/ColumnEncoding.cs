using System.Collections.Immutable;

namespace Orchestrator.Runtime.Models;

/// <summary>How one feature column becomes numbers: itself with missing ones at the mean of the training rows, or one number for each category.</summary>
/// <param name="Categories">The categories of the training rows in ordinal order; null where the column is numeric.</param>
/// <param name="Mean">What a missing number becomes.</param>
public sealed record ColumnEncoding(string Name, double Mean, ImmutableArray<string>? Categories)
{
    /// <summary>More categories than this look like an identifier or free text.</summary>
    public const int MostCategories = 200;

    public int Width => Categories?.Length ?? 1;

    public static ColumnEncoding Fit(FeatureColumn column) => column switch
    {
        FeatureColumn.Numeric numbers => new(column.Name, MeanOf(numbers.Values), null),
        FeatureColumn.Category texts => new(column.Name, 0, CategoriesOf(texts)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public void Write(FeatureColumn column, float[][] vectors, int offset)
    {
        switch (column)
        {
            case FeatureColumn.Numeric numbers when Categories is null:
                WriteNumbers(numbers.Values, vectors, offset);
                break;
            case FeatureColumn.Category texts when Categories is { } categories:
                WriteCategories(texts.Values, categories, vectors, offset);
                break;
            default:
                throw new TrainingException("TRAIN011", $"column \"{Name}\" has another type than in training",
                    Categories is null ? "the model expects numbers" : "the model expects categories");
        }
    }

    private void WriteNumbers(double[] values, float[][] vectors, int offset)
    {
        for (var row = 0; row < values.Length; row++)
        {
            vectors[row][offset] = (float)(double.IsFinite(values[row]) ? values[row] : Mean);
        }
    }

    private static void WriteCategories(string?[] values, ImmutableArray<string> categories, float[][] vectors, int offset)
    {
        for (var row = 0; row < values.Length; row++)
        {
            var category = values[row] is { } value ? categories.BinarySearch(value, StringComparer.Ordinal) : -1;
            if (category >= 0)
            {
                vectors[row][offset + category] = 1;
            }
        }
    }

    private static double MeanOf(double[] values)
    {
        var finite = values.Where(double.IsFinite).Order().ToArray();
        return finite.Length == 0 ? 0 : finite.Average();
    }

    private static ImmutableArray<string> CategoriesOf(FeatureColumn.Category column)
    {
        ImmutableArray<string> categories = [.. column.Values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return categories.Length <= MostCategories
            ? categories
            : throw new TrainingException("TRAIN012", $"column \"{column.Name}\" has {categories.Length} different texts",
                $"at most {MostCategories} categories; give it the role \"ignore\", \"id\" or \"text\"");
    }
}
