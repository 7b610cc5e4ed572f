using System.Collections.Immutable;
using System.Numerics.Tensors;
using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Metrics.Maps;

/// <summary>The directions in which rows differ most, the strongest first, and where each row lies along them.</summary>
/// <remarks>Of a direction and its opposite the one is taken whose largest weight is positive, so that no picture of the same rows is the mirror image of another.</remarks>
/// <param name="Shares">What each direction explains of the whole variance.</param>
/// <param name="Weights">For each direction the weight of each column; their squares add up to 1.</param>
/// <param name="Places">For each direction the place of each row; the mean of all rows is 0.</param>
public sealed record PrincipalComponents(ImmutableArray<double> Shares, ImmutableArray<ImmutableArray<double>> Weights, ImmutableArray<ImmutableArray<double>> Places)
{
    /// <summary>Weights that differ by less are alike: the first of them decides the direction.</summary>
    private const double Alike = 1e-9;

    /// <summary>A smaller share of the variance is rounding.</summary>
    private const double Nothing = 1e-12;

    /// <param name="rows">Without missing values.</param>
    /// <param name="count">Directions; those that there is no variance for are zeros.</param>
    public static PrincipalComponents Of(FeatureMatrix rows, int count)
    {
        var columns = Centred(rows);
        var covariance = Products(columns);
        var all = covariance.Select((row, i) => row[i]).Sum();
        var found = Eigenvectors.Leading(covariance, count).Where(pair => pair.Value > all * Nothing).ToArray();
        var weights = Enumerable.Range(0, count).Select(i => i < found.Length ? Pointed(found[i].Vector) : new double[columns.Length]).ToArray();
        return new(
            [.. Enumerable.Range(0, count).Select(i => i < found.Length ? Math.Min(1, found[i].Value / all) : 0)],
            [.. weights.Select(vector => vector.ToImmutableArray())],
            [.. weights.Select(vector => Placed(columns, vector, rows.Rows))]);
    }

    /// <summary>The columns of the matrix, each less its mean.</summary>
    private static double[][] Centred(FeatureMatrix rows)
    {
        var columns = Enumerable.Range(0, rows.Columns).Select(_ => new double[rows.Rows]).ToArray();
        for (var row = 0; row < rows.Rows; row++)
        {
            var cells = rows.Row(row);
            for (var column = 0; column < columns.Length; column++)
            {
                columns[column][row] = cells[column];
            }
        }

        foreach (var column in columns)
        {
            TensorPrimitives.Subtract(column, TensorPrimitives.Sum<double>(column) / Math.Max(1, column.Length), column);
        }

        return columns;
    }

    /// <summary>The covariance matrix, times the number of rows.</summary>
    private static double[][] Products(double[][] columns)
    {
        var products = Array.ConvertAll(columns, _ => new double[columns.Length]);
        for (var i = 0; i < columns.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[i][j] = products[j][i] = TensorPrimitives.Dot<double>(columns[i], columns[j]);
            }
        }

        return products;
    }

    private static double[] Pointed(double[] vector)
    {
        var largest = vector.Select(Math.Abs).Max();
        return vector.First(weight => Math.Abs(weight) >= largest * (1 - Alike)) < 0 ? Array.ConvertAll(vector, weight => -weight) : vector;
    }

    private static ImmutableArray<double> Placed(double[][] columns, double[] weights, int rows)
    {
        var places = new double[rows];
        foreach (var (column, weight) in columns.Zip(weights))
        {
            TensorPrimitives.MultiplyAdd(column, weight, places, places);
        }

        return [.. places];
    }
}
