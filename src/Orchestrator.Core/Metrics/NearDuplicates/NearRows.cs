namespace Orchestrator.Core.Metrics.NearDuplicates;

/// <summary>Rows that agree in every category and nearly in every number: no number of two near rows is further apart than a share of the column's range.</summary>
public static class NearRows
{
    /// <param name="categories">What rows have to agree in, brought to one text.</param>
    /// <param name="columns">Numbers by column; a missing one (NaN) is near a missing one only.</param>
    /// <param name="tolerance">The share of the range.</param>
    public static RowGroups Find(IReadOnlyList<string> categories, IReadOnlyList<double[]> columns, double tolerance)
    {
        var ordered = columns.OrderByDescending(column => column.Distinct().Count()).ToArray();
        var limits = ordered.Select(column => tolerance * Range(column)).ToArray();
        var groups = new RowGroups(categories.Count);
        foreach (var alike in Enumerable.Range(0, categories.Count).GroupBy(row => (categories[row], string.Concat(ordered.Select(column => double.IsNaN(column[row]) ? '0' : '1')))))
        {
            Sweep([.. alike.OrderBy(row => ordered.Length == 0 ? 0 : ordered[0][row]).ThenBy(row => row)], ordered, limits, groups);
        }

        return groups;
    }

    /// <summary>Of rows in the order of the first column only those can be near that are near in it.</summary>
    private static void Sweep(int[] rows, double[][] columns, double[] limits, RowGroups groups)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = i + 1; j < rows.Length && (columns.Length == 0 || !IsFar(columns[0], limits[0], rows[i], rows[j])); j++)
            {
                if (!columns.Where((column, k) => IsFar(column, limits[k], rows[i], rows[j])).Any())
                {
                    groups.Link(rows[i], rows[j]);
                }
            }
        }
    }

    private static bool IsFar(double[] column, double limit, int row, int other) => Math.Abs(column[row] - column[other]) > limit;

    private static double Range(double[] column)
    {
        var finite = column.Where(double.IsFinite).DefaultIfEmpty(0);
        return finite.Max() - finite.Min();
    }
}
