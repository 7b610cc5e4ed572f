using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Tests of two models on the same rows.</summary>
public sealed class PairedTestTests
{
    private static readonly int[] _labels = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    private static readonly double[] _first = [0.9, 0.8, 0.4, 0.3, 0.7, 0.6, 0.35, 0.2, 0.15, 0.1];
    private static readonly double[] _second = [0.9, 0.85, 0.7, 0.3, 0.5, 0.6, 0.35, 0.2, 0.3, 0.1];

    /// <summary>Areas 19/24 and 20.5/24; the placements' differences are 0, 0, 1/3, −1/12 and 1/4, 0, 0, 0, 1/8, 0 … so that S₁₀/4 + S₀₁/6 gives p = 0.5753 (DeLong's formula, evaluated with numpy).</summary>
    [Fact]
    public void Areas_under_the_curve_are_compared_as_by_DeLong()
    {
        Assert.Equal(0.5752642392727352, PairedAuroc.PValue([_first], [_second], _labels, [1])!.Value, 1e-12);
        Assert.Equal(0.5752642392727352, PairedAuroc.PValue([_second], [_first], _labels, [1])!.Value, 1e-12);
    }

    /// <summary>Against the rest, two classes are each other's mirror: their mean is the area itself.</summary>
    [Fact]
    public void The_mean_over_the_classes_of_a_binary_model_is_its_area()
    {
        double[] Mirrored(double[] scores) => [.. scores.Select(score => 1 - score)];

        Assert.Equal(0.5752642392727352, PairedAuroc.PValue([Mirrored(_first), _first], [Mirrored(_second), _second], _labels, [0, 1])!.Value, 1e-12);
    }

    [Fact]
    public void Equal_scores_differ_by_chance_and_a_class_alone_has_no_area()
    {
        Assert.Equal(1, PairedAuroc.PValue([_first], [_first], _labels, [1]));
        Assert.Null(PairedAuroc.PValue([_first], [_second], new int[10], [1]));
    }

    /// <summary>Of a mean the bootstrapped error is the known one: √(p(1 − p)/n) of differences that are 0 or 1.</summary>
    [Fact]
    public void The_error_of_a_mean_is_found_by_drawing_rows()
    {
        const int rows = 400;
        double Share(int[] drawn, int every) => (double)drawn.Count(row => row % every == 0) / drawn.Length;

        // A share of 1/100 is two of its standard errors (0.005) away from 0: p = 0.0455; the error of the error at 499 draws is 3 %.
        Assert.InRange(PairedBootstrap.PValue(rows, drawn => Share(drawn, 100))!.Value, 0.03, 0.065);
        Assert.InRange(PairedBootstrap.PValue(rows, drawn => Share(drawn, 4))!.Value, 0, 1e-12);
    }

    [Fact]
    public void The_same_rows_give_the_same_number_and_no_difference_is_chance()
    {
        double? Drawn() => PairedBootstrap.PValue(100, drawn => drawn.Average(row => Math.Sin(row)));

        Assert.Equal(Drawn(), Drawn());
        Assert.Equal(1, PairedBootstrap.PValue(100, _ => 0));
        Assert.Null(PairedBootstrap.PValue(100, _ => null));
        Assert.Null(PairedBootstrap.PValue(0, _ => 1));
    }
}
