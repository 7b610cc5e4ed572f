namespace Orchestrator.Core.Metrics.Maps;

/// <summary>All eigenvectors of a small symmetric matrix by rotations that make it diagonal (Jacobi 1846, cyclic).</summary>
internal static class Rotations
{
    private const int MostSweeps = 60;

    /// <summary>Eigenvalues, descending, and for each its vector.</summary>
    /// <param name="matrix">What it holds afterwards is of no use.</param>
    public static (double[] Values, double[][] Vectors) Solve(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var vectors = Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0).ToArray()).ToArray();
        for (var sweep = 0; sweep < MostSweeps && Sweep(matrix, vectors); sweep++)
        {
        }

        var order = Enumerable.Range(0, size).OrderByDescending(i => matrix[i, i]).ToArray();
        return ([.. order.Select(i => matrix[i, i])], [.. order.Select(i => vectors[i])]);
    }

    /// <summary>Whether anything was rotated.</summary>
    private static bool Sweep(double[,] matrix, double[][] vectors)
    {
        var any = false;
        for (var p = 0; p < vectors.Length; p++)
        {
            for (var q = p + 1; q < vectors.Length; q++)
            {
                any |= Rotate(matrix, vectors, p, q);
            }
        }

        return any;
    }

    private static bool Rotate(double[,] matrix, double[][] vectors, int p, int q)
    {
        // What a rotation could change no more is zero.
        if (Math.Abs(matrix[p, q]) <= 1e-17 * Math.Sqrt(Math.Abs(matrix[p, p] * matrix[q, q])))
        {
            return false;
        }

        var slope = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
        var tangent = (slope < 0 ? -1 : 1) / (Math.Abs(slope) + Math.Sqrt((slope * slope) + 1));
        var cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
        var (c, s) = (cosine, tangent * cosine);
        for (var i = 0; i < vectors.Length; i++)
        {
            (matrix[i, p], matrix[i, q]) = Turn(matrix[i, p], matrix[i, q], c, s);
        }

        for (var i = 0; i < vectors.Length; i++)
        {
            (matrix[p, i], matrix[q, i]) = Turn(matrix[p, i], matrix[q, i], c, s);
            (vectors[p][i], vectors[q][i]) = Turn(vectors[p][i], vectors[q][i], c, s);
        }

        (matrix[p, q], matrix[q, p]) = (0, 0);
        return true;
    }

    private static (double Left, double Right) Turn(double left, double right, double cosine, double sine) =>
        ((cosine * left) - (sine * right), (sine * left) + (cosine * right));
}
