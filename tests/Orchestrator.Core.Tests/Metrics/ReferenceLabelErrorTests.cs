using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class ReferenceLabelErrorTests
{
    [Theory]
    [InlineData("cifar10")]
    [InlineData("mnist")]
    public void Confident_learning_on_image_test_sets_equals_cleanlab(string set)
    {
        var (probabilities, labels) = Images(set);
        var expected = SharedData.Json("label-errors-cifar10-mnist", "reference.json").GetProperty(set);

        CheckJoint(expected, ConfidentJoint.Count(probabilities, labels));
        var flagged = LabelErrorFilter.PruneByNoiseRate(probabilities, labels);
        Assert.Equal(expected.GetProperty("flagged_rows_prune_by_noise_rate").EnumerateArray().Select(e => e.GetInt32()), Rows(flagged));
        var confident = Rows(LabelErrorFilter.ConfidentLearning(probabilities, labels));
        var filters = expected.GetProperty("filters");
        CheckAmongShown(filters.GetProperty("prune_by_noise_rate"), set, Rows(flagged));
        CheckAmongShown(filters.GetProperty("confident_learning"), set, confident);
        CheckAmongShown(filters.GetProperty("low_self_confidence"), set, LabelQuality.Ranking(LabelQuality.SelfConfidence(probabilities, labels))[..confident.Length]);
        CheckAmongShown(filters.GetProperty("low_normalized_margin"), set, LabelQuality.Ranking(LabelQuality.NormalizedMargin(probabilities, labels))[..confident.Length]);
    }

    [Theory]
    [InlineData("cifar10")]
    [InlineData("mnist")]
    public void Rankings_separate_the_errors_that_people_confirmed_as_well_as_the_reference_says(string set)
    {
        var (probabilities, labels) = Images(set);
        var shown = Shown(set);
        var expected = SharedData.Json("label-errors-cifar10-mnist", "reference.json").GetProperty(set).GetProperty("among_validated");
        var errors = shown.Select(row => row.IsError).ToArray();

        CheckRanking(expected.GetProperty("self_confidence"), LabelQuality.SelfConfidence(probabilities, labels));
        CheckRanking(expected.GetProperty("normalized_margin"), LabelQuality.NormalizedMargin(probabilities, labels));

        void CheckRanking(JsonElement reference, double[] scores)
        {
            var suspicion = shown.Select(row => -scores[row.Row]).ToArray();
            Assert.Equal(reference.GetProperty("roc_auc").GetDouble(), Auroc.Binary(suspicion, errors)!.Value, 1e-9);
            Assert.Equal(reference.GetProperty("average_precision").GetDouble(), AveragePrecision.Binary(suspicion, errors)!.Value, 1e-9);
        }
    }

    [Fact]
    public void Confident_learning_on_news_labelled_by_a_crowd_equals_cleanlab_row_by_row()
    {
        var rows = Csv.Rows(SharedData.File("noisy-agnews", "oof_lr_probs.csv"), header: true);
        var labels = rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)).ToArray();
        var probabilities = new ClassProbabilities(4, [.. rows.SelectMany(row => row[1..]).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
        var expected = SharedData.Json("noisy-agnews", "reference.json").GetProperty("all_rows").GetProperty("lr_tfidf").GetProperty("cl");
        var flags = Csv.Rows(SharedData.File("noisy-agnews", "oof_lr_probs_cleanlab_flags.csv"), header: true);

        var joint = ConfidentJoint.Count(probabilities, labels);
        CheckJoint(expected, joint);
        Assert.Equal(Matrix(expected.GetProperty("cleanlab_confident_joint_calibrated")), Flat(joint.Calibrate(labels)));
        var confident = LabelErrorFilter.ConfidentLearning(probabilities, labels);
        var count = confident.Count(flag => flag);
        Assert.Equal(Flagged(flags, 1), Rows(LabelErrorFilter.PruneByNoiseRate(probabilities, labels)));
        Assert.Equal(Flagged(flags, 4), Rows(confident));
        Assert.Equal(Flagged(flags, 6), LabelQuality.Ranking(LabelQuality.NormalizedMargin(probabilities, labels))[..count].Order());
        Assert.Equal(Flagged(flags, 7), LabelQuality.Ranking(LabelQuality.SelfConfidence(probabilities, labels))[..count].Order());
    }

    [Fact]
    public void Rankings_of_the_news_find_the_wrong_labels_as_well_as_the_reference_says()
    {
        var rows = Csv.Rows(SharedData.File("noisy-agnews", "oof_lr_probs.csv"), header: true);
        var labels = rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)).ToArray();
        var probabilities = new ClassProbabilities(4, [.. rows.SelectMany(row => row[1..]).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
        var truth = Csv.Rows(SharedData.File("noisy-agnews", "train_truth.csv"), header: true).Select(row => int.Parse(row[1], CultureInfo.InvariantCulture)).ToArray();
        var errors = labels.Select((label, row) => label != truth[row]).ToArray();
        var expected = SharedData.Json("noisy-agnews", "reference.json").GetProperty("all_rows").GetProperty("lr_tfidf").GetProperty("ranking_vs_truth");

        Check(expected.GetProperty("self_confidence"), LabelQuality.SelfConfidence(probabilities, labels));
        Check(expected.GetProperty("normalized_margin"), LabelQuality.NormalizedMargin(probabilities, labels));

        void Check(JsonElement reference, double[] scores)
        {
            var suspicion = scores.Select(score => -score).ToArray();
            Assert.Equal(reference.GetProperty("roc_auc").GetDouble(), Auroc.Binary(suspicion, errors)!.Value, 1e-9);
            Assert.Equal(reference.GetProperty("average_precision").GetDouble(), AveragePrecision.Binary(suspicion, errors)!.Value, 1e-9);
            var top = LabelQuality.Ranking(scores)[..(errors.Length / 10)];
            Assert.Equal(reference.GetProperty("precision_at_10pct").GetDouble(), top.Average(row => errors[row] ? 1.0 : 0), 1e-9);
        }
    }

    private static (ClassProbabilities Probabilities, int[] Labels) Images(string set)
    {
        var probabilities = Npy.Read<double>(SharedData.File("label-errors-cifar10-mnist", $"{set}_test_set_pyx.npy"), "<f8");
        var labels = Npy.Read<ushort>(SharedData.File("label-errors-cifar10-mnist", $"{set}_test_set_original_labels.npy"), "<u2");
        // The published values are quantised; the reference values were computed on rows brought back to a sum of 1.
        var rows = probabilities.Chunk(10).SelectMany(row => row.Select(p => p / PairwiseSum(row)));
        return (new(10, [.. rows]), [.. labels.Select(label => (int)label)]);
    }

    /// <summary>numpy's order of adding ten numbers: margins that tie to the last bit decide which row is flagged.</summary>
    private static double PairwiseSum(double[] r) => ((r[0] + r[1]) + (r[2] + r[3]) + ((r[4] + r[5]) + (r[6] + r[7]))) + r[8] + r[9];

    private static (int Row, bool IsError)[] Shown(string set) =>
        [.. Csv.Rows(SharedData.File("label-errors-cifar10-mnist", $"{set}_validated.csv"), header: true)
            .Select(row => (int.Parse(row[0], CultureInfo.InvariantCulture), row[^1] == "1"))];

    private static void CheckJoint(JsonElement expected, ConfidentJoint joint)
    {
        var thresholds = expected.GetProperty("thresholds").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        Assert.All(thresholds, (threshold, k) => Assert.Equal(threshold, joint.Thresholds[k], 1e-9));
        Assert.Equal(Matrix(expected.GetProperty("confident_joint_counts_before_calibration")), Flat(joint.Counts));
    }

    private static void CheckAmongShown(JsonElement expected, string set, int[] flagged)
    {
        var shown = Shown(set).ToDictionary(row => row.Row, row => row.IsError);
        Assert.Equal(expected.GetProperty("flagged").GetInt32(), flagged.Length);
        Assert.Equal(expected.GetProperty("of_shown_rows_flagged").GetInt32(), flagged.Count(shown.ContainsKey));
        Assert.Equal(expected.GetProperty("of_those_true_errors").GetInt32(), flagged.Count(row => shown.GetValueOrDefault(row)));
    }

    private static int[] Matrix(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(e => e.GetInt32())];

    private static int[] Flat(int[,] matrix) => [.. matrix.Cast<int>()];

    private static int[] Rows(bool[] flags) => [.. Enumerable.Range(0, flags.Length).Where(row => flags[row])];

    private static IEnumerable<int> Flagged(string[][] rows, int column) =>
        rows.Where(row => row[column] == "1").Select(row => int.Parse(row[0], CultureInfo.InvariantCulture));
}
