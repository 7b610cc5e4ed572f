namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Kolmogorov's distribution, exact: n!/nⁿ times an element of the n-th power of Durbin's matrix (Marsaglia, Tsang and Wang 2003).</summary>
internal static class DurbinMatrix
{
    private const int ScaleExponent = 128;
    private static readonly double _scale = Math.ScaleB(1, ScaleExponent);

    public static double Probability(int n, double x)
    {
        var k = (int)Math.Ceiling(n * x);
        var power = (Matrix: Start(k, k - (n * x)), Exponent: 0);
        var result = (Matrix: Identity((2 * k) - 1), Exponent: 0);
        for (var left = n; left > 0; left /= 2)
        {
            if (left % 2 == 1)
            {
                result = (Product(result.Matrix, power.Matrix), result.Exponent + power.Exponent);
            }

            power = Scaled(Product(power.Matrix, power.Matrix), 2 * power.Exponent, k - 1);
        }

        return WithFactorial(result.Matrix[k - 1, k - 1], result.Exponent, n);
    }

    private static double WithFactorial(double value, int exponent, int n)
    {
        for (var i = 1; i <= n; i++)
        {
            value = i * value / n;
            if (Math.Abs(value) < 1 / _scale)
            {
                value *= _scale;
                exponent -= ScaleExponent;
            }
        }

        return Math.ScaleB(value, exponent);
    }

    private static double[,] Start(int k, double h)
    {
        var size = (2 * k) - 1;
        var (edge, inverse) = (new double[size], new double[size + 1]);
        inverse[0] = 1;
        for (var j = 0; j < size; j++)
        {
            inverse[j + 1] = inverse[j] / (j + 1);
            edge[j] = (1 - Math.Pow(h, j + 1)) * inverse[j + 1];
        }

        edge[size - 1] = (1 - (2 * Math.Pow(h, size)) + Math.Pow(Math.Max(0, (2 * h) - 1), size)) * inverse[size];
        var matrix = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var step = row - column + 1;
                matrix[row, column] = column == 0 ? edge[row] : row == size - 1 ? edge[size - 1 - column] : step >= 0 ? inverse[step] : 0;
            }
        }

        return matrix;
    }

    private static (double[,] Matrix, int Exponent) Scaled(double[,] matrix, int exponent, int centre)
    {
        if (Math.Abs(matrix[centre, centre]) <= _scale)
        {
            return (matrix, exponent);
        }

        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i / matrix.GetLength(1), i % matrix.GetLength(1)] /= _scale;
        }

        return (matrix, exponent + ScaleExponent);
    }

    private static double[,] Identity(int size)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            matrix[i, i] = 1;
        }

        return matrix;
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        var size = left.GetLength(0);
        var product = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var inner = 0; inner < size; inner++)
            {
                var factor = left[row, inner];
                for (var column = 0; column < size; column++)
                {
                    product[row, column] += factor * right[inner, column];
                }
            }
        }

        return product;
    }
}
