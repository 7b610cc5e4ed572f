using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Tests of two models on the same rows.</summary>
public sealed class PairedTestTests
{
    private static readonly int[] _labels = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    private static readonly double[] _first = [0.9, 0.8, 0.4, 0.3, 0.7, 0.6, 0.35, 0.2, 0.15, 0.1];
    private static readonly double[] _second = [0.9, 0.85, 0.7, 0.3, 0.5, 0.6, 0.35, 0.2, 0.3, 0.1];

    /// <summary>
    /// By hand: areas 19/24 and 20.5/24. The placements of the positives move by 0, 0, 1/3, −1/12, those of the negatives by 1/4, 1/4, 0, 0, −1/8, 0: 1/16 in the mean of either,
    /// so S₁₀/4 = (1/9 + 1/144 − 4/256)/12 = 59/6912 and S₀₁/6 = (9/64 − 6/256)/30 = 27/6912. Degrees of freedom 86² / (59²/3 + 27²/5); p of the t distribution by scipy 1.10.
    /// </summary>
    [Fact]
    public void Areas_under_the_curve_are_compared_as_by_DeLong()
    {
        var compared = PairedAuroc.Compare([_first], [_second], _labels, [1])!;

        Assert.Equal(1 / 16.0, compared.Value, 1e-15);
        Assert.Equal(Math.Sqrt(86 / 6912.0), compared.StandardError, 1e-15);
        Assert.Equal(86 * 86 / ((59 * 59 / 3.0) + (27 * 27 / 5.0)), compared.Freedom, 1e-12);
        Assert.Equal(0.5967153629860993, compared.PValue, 1e-10);
        Assert.Equal(compared.PValue, PairedAuroc.Compare([_second], [_first], _labels, [1])!.PValue, 1e-12);
    }

    /// <summary>Against the rest, two classes are each other's mirror: their mean is the area itself.</summary>
    [Fact]
    public void The_mean_over_the_classes_of_a_binary_model_is_its_area()
    {
        double[] Mirrored(double[] scores) => [.. scores.Select(score => 1 - score)];

        var compared = PairedAuroc.Compare([Mirrored(_first), _first], [Mirrored(_second), _second], _labels, [0, 1])!;

        Assert.Equal((1 / 16.0, Math.Sqrt(86 / 6912.0)), (compared.Value, compared.StandardError));
    }

    [Fact]
    public void Equal_scores_differ_by_chance_and_a_class_of_one_row_has_no_variance()
    {
        Assert.Equal(1, PairedAuroc.Compare([_first], [_first], _labels, [1])!.PValue);
        Assert.Null(PairedAuroc.Compare([_first], [_second], new int[10], [1]));
        Assert.Null(PairedAuroc.Compare([_first], [_second], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1]));
    }

    /// <summary>All rows of a class move by the same half, so that nothing varies: 2 / 2⁸ is what exchanging the eight rows could show at best.</summary>
    [Fact]
    public void What_moves_all_rows_alike_is_as_sure_as_their_number_allows()
    {
        double[] perfect = [1, 1, 1, 1, 0, 0, 0, 0];

        var compared = PairedAuroc.Compare([[.. perfect.Select(_ => 0.5)]], [perfect], [1, 1, 1, 1, 0, 0, 0, 0], [1])!;

        Assert.Equal((0.5, 0.0, 1 / 128.0), (compared.Value, compared.StandardError, compared.PValue));
        Assert.Equal(1 / 128.0, PairedBootstrap.Compare(8, 8, _ => -1)!.PValue);
    }

    /// <summary>Quantiles of the t distribution that tables print: 2.262 at 9 degrees for 5 %, 12.706 at one, 1.960 at infinitely many.</summary>
    [Theory]
    [InlineData(2.262, 9)]
    [InlineData(12.706, 1)]
    [InlineData(1.96, 1e9)]
    public void Sureness_follows_the_t_distribution(double t, double freedom) =>
        Assert.Equal(0.05, new PairedDifference(t, 1, freedom, 100).PValue, 1e-4);

    /// <summary>Of a mean the bootstrapped error is the known one: √(p(1 − p)/n) of differences that are 0 or 1.</summary>
    [Fact]
    public void The_error_of_a_mean_is_found_by_drawing_rows()
    {
        const int rows = 400;
        double Share(int[] drawn, int every) => (double)drawn.Count(row => row % every == 0) / drawn.Length;

        // A share of 1/100 is two of its standard errors (0.005) away from 0; the error of the error at 499 draws is 3 %. Four rows moved: no less than 2 / 2⁴.
        var few = PairedBootstrap.Compare(rows, 4, drawn => Share(drawn, 100))!;
        Assert.InRange(few.StandardError, 0.0045, 0.0055);
        Assert.Equal((rows - 1, 0.125), (few.Freedom, few.PValue));
        Assert.InRange(PairedBootstrap.Compare(rows, 100, drawn => Share(drawn, 4))!.PValue, 0, 1e-12);
    }

    [Fact]
    public void The_same_rows_give_the_same_number_and_no_difference_is_chance()
    {
        double? Drawn() => PairedBootstrap.Compare(100, 100, drawn => drawn.Average(row => Math.Sin(row)))?.PValue;

        Assert.Equal(Drawn(), Drawn());
        Assert.Equal(1, PairedBootstrap.Compare(100, 0, _ => 0)!.PValue);
        Assert.Null(PairedBootstrap.Compare(100, 100, _ => null));
        Assert.Null(PairedBootstrap.Compare(1, 1, _ => 1));
    }
}
