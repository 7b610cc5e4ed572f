namespace Orchestrator.Core.Metrics.Texts;

/// <summary>Rows of numbers of which most are zero: of each row the columns that are not, ascending, and their values.</summary>
/// <param name="columns">Columns of a row, zeros included.</param>
/// <param name="starts">Where each row begins in the other two; one more entry than rows.</param>
public sealed class SparseRows(int columns, int[] starts, int[] indices, double[] values)
{
    public int Columns => columns;

    public int Rows => starts.Length - 1;

    /// <summary>Values that are not zero.</summary>
    public int Count => indices.Length;

    public ReadOnlySpan<int> Indices(int row) => indices.AsSpan(starts[row], starts[row + 1] - starts[row]);

    public ReadOnlySpan<double> Values(int row) => values.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>The same rows with other values at the same places.</summary>
    /// <param name="map">Given the columns of a row and the values it has, writes the values it gets.</param>
    public SparseRows Mapped(Action<ReadOnlySpan<int>, ReadOnlySpan<double>, Span<double>> map)
    {
        var mapped = new double[values.Length];
        for (var row = 0; row < Rows; row++)
        {
            map(Indices(row), Values(row), mapped.AsSpan(starts[row], starts[row + 1] - starts[row]));
        }

        return new(columns, starts, indices, mapped);
    }

    /// <summary>The columns of both, those of the other behind these.</summary>
    public SparseRows Beside(SparseRows other) => Of(columns + other.Columns, Enumerable.Range(0, Rows).Select(row => (IReadOnlyCollection<KeyValuePair<int, double>>)
        [.. Cells(row, 0), .. other.Cells(row, columns)]));

    private IEnumerable<KeyValuePair<int, double>> Cells(int row, int first) =>
        Enumerable.Range(starts[row], starts[row + 1] - starts[row]).Select(i => KeyValuePair.Create(first + indices[i], values[i]));

    public static SparseRows Of(int columns, IEnumerable<IReadOnlyCollection<KeyValuePair<int, double>>> rows)
    {
        var (starts, indices, values) = (new List<int> { 0 }, new List<int>(), new List<double>());
        foreach (var row in rows)
        {
            foreach (var (column, value) in row.OrderBy(pair => pair.Key))
            {
                indices.Add(column);
                values.Add(value);
            }

            starts.Add(indices.Count);
        }

        return new(columns, [.. starts], [.. indices], [.. values]);
    }
}
