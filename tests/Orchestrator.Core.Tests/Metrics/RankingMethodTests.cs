using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class RankingMethodTests
{
    /// <summary>Of the news one fold of five is compared: the others would take four times as long.</summary>
    [Theory]
    [InlineData("tubespam-weak", 3, 5)]
    [InlineData("noisy-agnews", 2, 1)]
    public void Softmax_regression_gives_the_probabilities_of_the_reference(string set, int given, int compared)
    {
        var train = Csv.QuotedRows(SharedData.File(set, "train.csv"));
        var expected = Csv.Rows(SharedData.File(set, "oof_lr_probs.csv"), header: true);
        var texts = train.Select(row => ReferenceTextTests.Ascii(row[1])).ToArray();
        var labels = train.Select(row => int.Parse(row[given], CultureInfo.InvariantCulture)).ToArray();
        var weighted = TermWeights.Weighted(Vocabulary.Fit(texts, new TermOptions()).Counts(texts));

        var folds = labels.Select((_, row) => Math.Min(row % 5, compared)).ToArray();
        var probabilities = SoftmaxRegression.OutOfFold(weighted, labels, expected[0].Length - 1, folds, new SoftmaxOptions(Tolerance: 1e-10));

        var rows = Enumerable.Range(0, labels.Length).Where(row => folds[row] < compared);
        Assert.All(rows, row => Assert.All(expected[row][1..], (cell, k) => Assert.Equal(double.Parse(cell, CultureInfo.InvariantCulture), probabilities[row, k], 1e-7)));
    }

    [Fact]
    public void Methods_put_the_same_rows_in_different_orders()
    {
        var rows = Rows();
        var methods = RankingMethod.All.ToDictionary(method => method.Name, method => LabelErrorReport.Of(rows, ["x", "y", "z"], new bool[rows.Ids.Length], (method, new())));

        Assert.Equal(methods["label_errors"].Ranked, methods["normalized_margin"].Ranked);
        Assert.Equal(methods["self_confidence"].Ranked.Select(suspect => suspect.SelfConfidence).Order(), methods["self_confidence"].Ranked.Select(suspect => suspect.SelfConfidence));
        var flagged = methods["confident_learning"].Ranked.Select(suspect => suspect.Flagged).ToArray();
        Assert.Equal(flagged.OrderDescending(), flagged);
        Assert.Contains(true, flagged);
        Assert.NotEqual(methods["label_errors"].Ranked.Select(suspect => suspect.SelfConfidence), methods["ensemble"].Ranked.Select(suspect => suspect.SelfConfidence));
    }

    [Fact]
    public void Each_method_finds_a_label_that_everything_speaks_against()
    {
        var rows = Rows();

        Assert.All(RankingMethod.All, method => Assert.Equal("r000", LabelErrorReport.Of(rows, ["x", "y", "z"], new bool[rows.Ids.Length], (method, new())).Ranked[0].Id));
    }

    /// <summary>Three clusters on a line; the first row lies in the middle of the third and is called one of the first.</summary>
    private static LabelledRows Rows()
    {
        var random = new Random(3);
        var labels = Enumerable.Range(0, 90).Select(i => i % 3).ToArray();
        var values = labels.Select((label, i) => (i == 0 ? 20.0 : 10 * label) + (4 * random.NextDouble())).ToArray();
        return new([.. labels.Select((_, i) => $"r{i:000}")], new FeatureMatrix(1, values).Standardised(), [.. labels], 3);
    }
}
