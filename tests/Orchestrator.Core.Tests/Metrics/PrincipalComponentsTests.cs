using System.Globalization;
using System.IO.Compression;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Maps;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Principal components against cases worked out by hand and against another implementation.</summary>
public sealed class PrincipalComponentsTests
{
    /// <summary>Around (10, 20) four rows at ±(4, 2) and ±(−1, 2): variances 2·20/4 = 10 along (2, 1)/√5 and 2·5/4 = 2.5 along (−1, 2)/√5.</summary>
    [Fact]
    public void Rows_on_two_axes_lie_along_them()
    {
        var components = PrincipalComponents.Of(new(2, [14, 22, 6, 18, 9, 22, 11, 18]), 2);

        var unit = 1 / Math.Sqrt(5);
        Assert.Equal([0.8, 0.2], components.Shares, new Near());
        Assert.Equal([2 * unit, unit], components.Weights[0], new Near());
        Assert.Equal([-unit, 2 * unit], components.Weights[1], new Near());
        Assert.Equal([10 * unit, -10 * unit, 0, 0], components.Places[0], new Near());
        Assert.Equal([0, 0, 5 * unit, -5 * unit], components.Places[1], new Near());
    }

    /// <summary>Covariance ((a, b), (b, c)) has the eigenvalues (a + c)/2 ± √(((a − c)/2)² + b²): of (1, 1), (2, 4), (3, 2), (6, 5) with a = 3.5, b = 2.25, c = 2.5 they are 3 ± √5.3125.</summary>
    [Fact]
    public void Two_columns_have_the_eigenvalues_of_the_closed_form()
    {
        var components = PrincipalComponents.Of(new(2, [1, 1, 2, 4, 3, 2, 6, 5]), 2);

        Assert.Equal([(3 + Math.Sqrt(5.3125)) / 6, (3 - Math.Sqrt(5.3125)) / 6], components.Shares, new Near());
    }

    [Fact]
    public void What_does_not_vary_is_zero()
    {
        var line = PrincipalComponents.Of(new(1, [1, 2, 3]), 2);
        Assert.Equal([1, 0], line.Shares);
        Assert.Equal([-1, 0, 1], line.Places[0], new Near());
        Assert.Equal([0, 0, 0], line.Places[1]);
        var alike = PrincipalComponents.Of(new(3, [7, 8, 9, 7, 8, 9]), 2);
        Assert.Equal([0, 0], alike.Shares);
        Assert.Equal([0, 0], alike.Places[0]);
    }

    /// <summary>Two columns of the same variance that vary apart from each other: no direction is stronger, and the first weight decides between equals.</summary>
    [Fact]
    public void Equal_directions_share_the_variance()
    {
        var components = PrincipalComponents.Of(new(2, [1, 0, -1, 0, 0, 1, 0, -1]), 2);

        Assert.Equal([0.5, 0.5], components.Shares, new Near());
        Assert.Equal(0, components.Weights[0].Zip(components.Weights[1], (left, right) => left * right).Sum(), 1e-9);
    }

    /// <summary>300 columns of which the first holds 3 times, the last 2 times what two numbers without relation to each other are.</summary>
    [Fact]
    public void More_columns_than_rows_are_no_hindrance()
    {
        double[] first = [1, -1, 1, -1, 1, -1, 1, -1], second = [1, 1, -1, -1, 1, 1, -1, -1];
        var values = new double[8 * 300];
        for (var row = 0; row < 8; row++)
        {
            (values[row * 300], values[(row * 300) + 299]) = (3 * first[row], 2 * second[row]);
        }

        var components = PrincipalComponents.Of(new(300, values), 2);

        Assert.Equal([9 / 13.0, 4 / 13.0], components.Shares, new Near());
        Assert.Equal([3, -3, 3, -3, 3, -3, 3, -3], components.Places[0], new Near());
        Assert.Equal([2, 2, -2, -2, 2, 2, -2, -2], components.Places[1], new Near());
    }

    [Fact]
    public void Neither_the_order_of_the_rows_nor_another_run_mirrors_the_picture()
    {
        var rows = Digits();
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        new Random(7).Shuffle(order);
        var shuffled = new FeatureMatrix(rows.Columns, [.. order.SelectMany(row => rows.Row(row).ToArray())]);

        var (first, again, other) = (PrincipalComponents.Of(rows, 2), PrincipalComponents.Of(rows, 2), PrincipalComponents.Of(shuffled, 2));

        Assert.Equal(first.Places[1], again.Places[1]);
        Assert.All(Enumerable.Range(0, rows.Rows), row => Assert.Equal(first.Places[1][order[row]], other.Places[1][row], 1e-7));
    }

    /// <summary>
    /// numpy 1.24.2: <c>numpy.linalg.svd</c> of the standardised pixels (constant ones are zeros); shares are the squares of the singular values over their sum, each vector is taken in the direction
    /// in which its largest weight is positive, and places are the rows times the vectors.
    /// </summary>
    [Fact]
    public void Real_digits_lie_where_another_implementation_puts_them()
    {
        var components = PrincipalComponents.Of(Digits(), 2);

        Assert.Equal([0.12033916097734851, 0.09561054403097875], components.Shares, new Near());
        Assert.Equal([0.2858679971666306, 0.27413298683513426], [components.Weights[0][2], components.Weights[1][5]], new Near(1e-9));
        Assert.Equal([-1.9142136581436078, -0.5889803296802752, 1.2577023331845756], Some(components.Places[0]), new Near(1e-8));
        Assert.Equal([-0.9545015706603066, 0.9246357998648107, -2.227590876093315], Some(components.Places[1]), new Near(1e-8));
    }

    /// <summary>The first two rows and the last one.</summary>
    private static double[] Some(IReadOnlyList<double> places) => [places[0], places[1], places[^1]];

    private static FeatureMatrix Digits()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Repository.Root, "deploy", "demo", "digits.csv.gz")), CompressionMode.Decompress));
        var pixels = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => line.Split(',')[..64].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
        return new FeatureMatrix(64, [.. pixels]).Standardised();
    }

    private sealed class Near(double within = 1e-12) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < within;

        public int GetHashCode(double obj) => 0;
    }
}
