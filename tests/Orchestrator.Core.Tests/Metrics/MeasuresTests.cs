using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class MeasuresTests
{
    private static readonly ConfusionMatrix Three = new(new long[,] { { 5, 1, 0 }, { 2, 3, 1 }, { 0, 0, 4 } });

    /// <summary>By hand: precision 5/7, 3/4, 4/5; recall 5/6, 1/2, 1; F1 10/13, 3/5, 8/9.</summary>
    [Fact]
    public void Measures_per_class_and_their_means_follow_from_the_counts()
    {
        Assert.Equal(12.0 / 16, Three.Accuracy, 1e-15);
        Assert.Equal(3.0 / 4, Three.Precision(1), 1e-15);
        Assert.Equal(1.0 / 2, Three.Recall(1), 1e-15);
        Assert.Equal(((5.0 / 7) + (3.0 / 4) + (4.0 / 5)) / 3, Three.MacroPrecision, 1e-15);
        Assert.Equal(((5.0 / 6) + (1.0 / 2) + 1) / 3, Three.MacroRecall, 1e-15);
        Assert.Equal(((10.0 / 13) + (3.0 / 5) + (8.0 / 9)) / 3, Three.MacroF1, 1e-15);
    }

    /// <summary>By hand: c·s − Σp·t = 12·16 − (7·6 + 4·6 + 5·4) = 106; s² − Σp² = 256 − 90; s² − Σt² = 256 − 88.</summary>
    [Fact]
    public void Matthews_correlation_covers_several_classes() =>
        Assert.Equal(106 / Math.Sqrt(166 * 168), Three.Mcc, 1e-15);

    [Fact]
    public void Ties_count_half_in_the_area_under_the_curve()
    {
        // Positives 0.9, 0.5; negatives 0.5, 0.1: wins 1 + 1 + 0.5 + 1 of 4.
        Assert.Equal(3.5 / 4, Auroc.Binary([0.5, 0.9, 0.1, 0.5], [true, true, false, false])!.Value, 1e-15);
        Assert.Equal(0.5, Auroc.Binary([0.3, 0.3, 0.3], [true, false, false])!.Value, 1e-15);
        Assert.Null(Auroc.Binary([0.3, 0.3], [true, true]));
    }

    [Fact]
    public void Multiclass_area_is_the_mean_over_classes_and_absent_where_a_class_has_no_rows()
    {
        var probabilities = new ClassProbabilities(3, [0.8, 0.1, 0.1, 0.2, 0.5, 0.3, 0.3, 0.4, 0.3, 0.5, 0.2, 0.3]);

        // Class 0: 0.8 against 0.2, 0.3, 0.5 wins all; class 1: 0.5 against 0.1, 0.4, 0.2 wins all; class 2 (rows 3 and 4, 0.3 each): 2 wins over 0.1, 2 ties with 0.3.
        Assert.Equal((1 + 1 + (3.0 / 4)) / 3, Auroc.MacroOneVsRest(probabilities, [0, 1, 2, 2])!.Value, 1e-15);
        Assert.Null(Auroc.MacroOneVsRest(probabilities, [0, 1, 1, 0]));
    }

    [Fact]
    public void Multiclass_scores_follow_their_definitions()
    {
        var probabilities = new ClassProbabilities(3, [0.5, 0.25, 0.25, 0.1, 0.7, 0.2]);

        Assert.Equal((Math.Log(2) - Math.Log(0.2)) / 2, LogLoss.Multiclass(probabilities, [0, 2]), 1e-15);
        // 0.25 + 0.0625 + 0.0625 = 0.375; 0.01 + 0.49 + 0.64 = 1.14
        Assert.Equal((0.375 + 1.14) / 2, Brier.Multiclass(probabilities, [0, 2]), 1e-15);
        // Top 0.5 right in bin 5, top 0.7 wrong in bin 7.
        Assert.Equal((0.5 + 0.7) / 2, CalibrationError.TopLabel(probabilities, [0, 2]), 1e-15);
    }

    [Fact]
    public void A_probability_of_one_falls_into_the_last_bin()
    {
        Assert.Equal(9, CalibrationError.Bin(1));
        Assert.Equal(0, CalibrationError.Bin(0));
        Assert.Equal(5, CalibrationError.Bin(0.5));
    }
}
