using System.Numerics.Tensors;

namespace Orchestrator.Core.Metrics.Maps;

/// <summary>Eigenvectors of symmetric matrices without negative eigenvalues.</summary>
/// <remarks>
/// Subspace iteration with a Rayleigh-Ritz projection in each round (Rutishauser, "Simultaneous iteration method for symmetric matrices", 1970), from a start that is always the same; the small matrix of
/// the projection is solved by Jacobi's rotations.
/// </remarks>
internal static class Eigenvectors
{
    /// <summary>Directions followed beyond those that are wanted: the more, the fewer rounds.</summary>
    private const int Spare = 8;

    /// <summary>Directions that are still not told apart then are nearly as strong as each other: any of them is as good.</summary>
    private const int MostRounds = 250;

    /// <summary>What may be left of an image beside its eigenvector, relative to the strongest.</summary>
    private const double Settled = 1e-11;

    /// <summary>What is left of a vector beside others is nothing but rounding below this share of its length.</summary>
    private const double Rounding = 1e-10;

    /// <summary>The largest eigenvalues, descending, each with its vector of length 1; no more than the matrix has.</summary>
    public static (double Value, double[] Vector)[] Leading(double[][] matrix, int count)
    {
        var wanted = Math.Min(count, matrix.Length);
        var space = Orthonormal(Start(matrix.Length, Math.Min(matrix.Length, count + Spare)));
        for (var round = 1; ; round++)
        {
            var images = Array.ConvertAll(space, vector => Array.ConvertAll(matrix, row => TensorPrimitives.Dot<double>(row, vector)));
            var (values, turns) = Rotations.Solve(Products(space, images));
            (space, images) = (Turned(space, turns), Turned(images, turns));
            if (round == MostRounds || Enumerable.Range(0, wanted).All(i => IsSettled(space[i], images[i], (values[i], values[0]))))
            {
                return [.. Enumerable.Range(0, wanted).Select(i => (values[i], space[i]))];
            }

            space = Orthonormal(images);
        }
    }

    /// <summary>Waves of different lengths: no eigenvector of real rows stands at right angles to all of them.</summary>
    private static double[][] Start(int length, int count) =>
        [.. Enumerable.Range(1, count).Select(wave => Enumerable.Range(1, length).Select(at => Math.Cos(wave * at)).ToArray())];

    private static bool IsSettled(double[] vector, double[] image, (double Value, double Largest) of)
    {
        var left = new double[vector.Length];
        TensorPrimitives.MultiplyAdd(vector, -of.Value, image, left);
        return TensorPrimitives.Norm<double>(left) <= Settled * Math.Abs(of.Largest);
    }

    private static double[,] Products(double[][] left, double[][] right)
    {
        var products = new double[left.Length, left.Length];
        for (var i = 0; i < left.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[i, j] = products[j, i] = TensorPrimitives.Dot<double>(left[i], right[j]);
            }
        }

        return products;
    }

    private static double[][] Turned(double[][] vectors, double[][] turns) => Array.ConvertAll(turns, turn =>
    {
        var turned = new double[vectors[0].Length];
        foreach (var (vector, weight) in vectors.Zip(turn))
        {
            TensorPrimitives.MultiplyAdd(vector, weight, turned, turned);
        }

        return turned;
    });

    /// <summary>Vectors at right angles (Gram and Schmidt, twice); one that depends on those before it gives way to an axis.</summary>
    private static double[][] Orthonormal(double[][] vectors)
    {
        var done = new List<double[]>();
        foreach (var vector in vectors)
        {
            done.Add(Beside(vector, done, Rounding) ?? Axis(vector.Length, done));
        }

        return [.. done];
    }

    private static double[] Axis(int length, List<double[]> done)
    {
        // The squares of what is left of all axes add up to the directions that are free, so that one of them keeps at least this much.
        var enough = Math.Sqrt(0.5 * (length - done.Count) / length);
        return Enumerable.Range(0, length).Select(at => Beside([.. Enumerable.Range(0, length).Select(i => i == at ? 1.0 : 0)], done, enough)).First(axis => axis is not null)!;
    }

    /// <summary>What is left of a vector beside others, at length 1; null where that is a smaller share of it than is enough.</summary>
    private static double[]? Beside(double[] vector, List<double[]> others, double enough)
    {
        var left = (double[])vector.Clone();
        foreach (var other in others.Concat(others))
        {
            TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(left, other), left, left);
        }

        var (before, length) = (TensorPrimitives.Norm<double>(vector), TensorPrimitives.Norm<double>(left));
        if (length <= enough * before)
        {
            return null;
        }

        TensorPrimitives.Divide(left, length, left);
        return left;
    }
}
