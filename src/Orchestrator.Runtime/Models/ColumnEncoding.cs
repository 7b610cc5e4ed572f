using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Runtime.Models;

/// <summary>How one feature column becomes numbers: itself with missing ones at the mean of the training rows, one number for each category, or one for each term.</summary>
/// <param name="Categories">The categories of the training rows in ordinal order; null where the column has none.</param>
/// <param name="Mean">What a missing number becomes.</param>
/// <param name="Terms">The terms of the training rows; null where the column is no text.</param>
public sealed record ColumnEncoding(string Name, double Mean, ImmutableArray<string>? Categories, Vocabulary? Terms = null)
{
    /// <summary>More categories than this look like an identifier or free text.</summary>
    public const int MostCategories = 200;

    /// <summary>Numbers that it makes of a row; of texts as many as there are terms, nearly all of them zero.</summary>
    public int Width => Terms?.Terms.Length ?? Categories?.Length ?? 1;

    public static ColumnEncoding Fit(FeatureColumn column, TermOptions options) => column switch
    {
        FeatureColumn.Text texts => new(column.Name, 0, null, Vocabulary.Fit(texts.Values, options)),
        FeatureColumn.Numeric numbers => new(column.Name, MeanOf(numbers.Values), null),
        FeatureColumn.Category texts => new(column.Name, 0, CategoriesOf(texts)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public void Write(FeatureColumn column, float[][] vectors, int offset)
    {
        switch (column)
        {
            case FeatureColumn.Numeric numbers when Categories is null && Terms is null:
                WriteNumbers(numbers.Values, vectors, offset);
                break;
            case FeatureColumn.Category texts when Categories is { } categories:
                WriteCategories(texts.Values, categories, vectors, offset);
                break;
            default:
                throw Another();
        }
    }

    /// <summary>The weighted terms of each row.</summary>
    public SparseRows Weigh(FeatureColumn column) => column is FeatureColumn.Text texts && Terms is { } terms ? terms.Weighted(terms.Counts(texts.Values)) : throw Another();

    private TrainingException Another() => new(
        "TRAIN011", $"column \"{Name}\" has another type than in training",
        $"the model expects {(Terms is not null ? "text" : Categories is null ? "numbers" : "categories")}");

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
