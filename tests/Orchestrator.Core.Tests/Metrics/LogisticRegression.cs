namespace Orchestrator.Core.Tests.Metrics;

/// <summary>The second reference model: standardised features, L2 penalty 1/2·|w|², free intercept, solved by Newton's method to a gradient of 1e-10.</summary>
internal static class LogisticRegression
{
    public static double[] OutOfFold(double[][] features, bool[] positives, bool balanced = false) =>
        OutOfFoldModel.Predict(features, positives, (rows, labels) => Fit(rows, labels, balanced));

    private static Func<double[], double> Fit(double[][] features, bool[] positives, bool balanced)
    {
        var scale = Scale(features);
        var rows = features.Select(row => Standardise(row, scale)).ToArray();
        var weights = positives.Select(p => balanced ? positives.Length / (2.0 * positives.Count(q => q == p)) : 1).ToArray();
        var w = new double[rows[0].Length];
        for (var step = 0; step < 50; step++)
        {
            var (gradient, hessian) = Derivatives(rows, positives, weights, w);
            if (gradient.Max(Math.Abs) < 1e-10)
            {
                break;
            }

            var move = Solve(hessian, gradient);
            w = [.. w.Select((value, j) => value - move[j])];
        }

        return row => Sigmoid(Dot(Standardise(row, scale), w));
    }

    private static (double[] Gradient, double[,] Hessian) Derivatives(double[][] rows, bool[] positives, double[] weights, double[] w)
    {
        var columns = w.Length;
        var gradient = new double[columns];
        var hessian = new double[columns, columns];
        for (var i = 0; i < rows.Length; i++)
        {
            var p = Sigmoid(Dot(rows[i], w));
            for (var a = 0; a < columns; a++)
            {
                gradient[a] += weights[i] * (p - (positives[i] ? 1 : 0)) * rows[i][a];
                for (var b = 0; b < columns; b++)
                {
                    hessian[a, b] += weights[i] * p * (1 - p) * rows[i][a] * rows[i][b];
                }
            }
        }

        for (var a = 1; a < columns; a++)
        {
            gradient[a] += w[a];
            hessian[a, a] += 1;
        }

        return (gradient, hessian);
    }

    private static (double Mean, double Deviation)[] Scale(double[][] features) => [.. Enumerable.Range(0, features[0].Length).Select(j =>
    {
        var mean = features.Average(row => row[j]);
        return (mean, Math.Sqrt(features.Average(row => (row[j] - mean) * (row[j] - mean))));
    })];

    private static double[] Standardise(double[] row, (double Mean, double Deviation)[] scale) =>
        [1, .. row.Select((value, j) => (value - scale[j].Mean) / scale[j].Deviation)];

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    /// <summary>Gaussian elimination with partial pivoting.</summary>
    private static double[] Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        var x = (double[])b.Clone();
        for (var p = 0; p < n; p++)
        {
            var pivot = Enumerable.Range(p, n - p).MaxBy(r => Math.Abs(a[r, p]));
            (x[p], x[pivot]) = (x[pivot], x[p]);
            for (var c = 0; c < n; c++)
            {
                (a[p, c], a[pivot, c]) = (a[pivot, c], a[p, c]);
            }

            Eliminate(a, x, p);
        }

        return [.. x.Select((value, i) => value / a[i, i])];
    }

    private static void Eliminate(double[,] a, double[] x, int p)
    {
        for (var r = 0; r < x.Length; r++)
        {
            var factor = r == p ? 0 : a[r, p] / a[p, p];
            for (var c = p; c < x.Length && factor != 0; c++)
            {
                a[r, c] -= factor * a[p, c];
            }

            x[r] -= factor * x[p];
        }
    }
}
