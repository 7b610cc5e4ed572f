using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>Rows of a table as naive Bayes sees them: each cell is one term, its column with its value or with the bin of its number.</summary>
public static class CellTerms
{
    /// <summary>Bins of a number, by its quantiles.</summary>
    public const int Bins = 8;

    /// <param name="codes">For each column, the code of each row from 0.</param>
    public static SparseRows Of(IReadOnlyList<int[]> codes)
    {
        var (rows, columns) = (codes[0].Length, codes.Count);
        var offsets = new int[columns + 1];
        for (var column = 0; column < columns; column++)
        {
            offsets[column + 1] = offsets[column] + (rows == 0 ? 1 : codes[column].Max() + 1);
        }

        var indices = new int[rows * columns];
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < rows; row++)
            {
                indices[(row * columns) + column] = offsets[column] + codes[column][row];
            }
        }

        var values = new double[indices.Length];
        Array.Fill(values, 1);
        return new(offsets[columns], [.. Enumerable.Range(0, rows + 1).Select(row => row * columns)], indices, values);
    }
}
