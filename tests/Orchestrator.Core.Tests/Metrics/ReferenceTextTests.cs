using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Terms, weights and naive Bayes against scikit-learn and cleanlab (<c>reference.json</c> of the two sets of noisily labelled texts).</summary>
public sealed partial class ReferenceTextTests
{
    public static TheoryData<string, string> Sets => new() { { "tubespam-weak", "all_rows" }, { "tubespam-weak", "voted_rows_only" }, { "noisy-agnews", "all_rows" } };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Terms_and_their_weights_are_those_of_the_reference(string set, string part)
    {
        var (expected, rows) = Load(set, part);

        var vocabulary = Vocabulary.Fit(rows.Texts, new TermOptions());
        var weighted = vocabulary.Weighted(vocabulary.Counts(rows.Texts));

        Assert.Equal(expected.GetProperty("vocabulary").GetInt32(), vocabulary.Terms.Length);
        Assert.Equal(expected.GetProperty("tfidf_nnz_train").GetInt32(), weighted.Count);
        var sum = Enumerable.Range(0, weighted.Rows).Sum(row => weighted.Values(row).ToArray().Sum());
        Assert.Equal(expected.GetProperty("tfidf_sum_train").GetDouble(), sum, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Naive_Bayes_finds_the_wrong_labels_as_the_reference_does(string set, string part)
    {
        var (all, rows) = Load(set, part);
        var expected = all.GetProperty("multinomial_nb_counts");
        var probabilities = OutOfFold(rows);

        CheckRanking(expected.GetProperty("ranking_vs_truth").GetProperty("self_confidence"), LabelQuality.SelfConfidence(probabilities, rows.Given), rows);
        CheckRanking(expected.GetProperty("ranking_vs_truth").GetProperty("normalized_margin"), LabelQuality.NormalizedMargin(probabilities, rows.Given), rows);
        CheckConfidentLearning(expected.GetProperty("cl"), probabilities, rows);
    }

    private static ClassProbabilities OutOfFold(Rows rows)
    {
        var counts = Vocabulary.Fit(rows.Texts, new TermOptions()).Counts(rows.Texts);
        return NaiveBayes.OutOfFold(counts, rows.Given, rows.Classes, [.. Enumerable.Range(0, rows.Given.Length).Select(row => row % 5)]);
    }

    private static void CheckRanking(JsonElement expected, double[] scores, Rows rows)
    {
        // Near certainty scores tie but for their last bits, and with them a handful of pairs.
        var suspicion = scores.Select(score => -score).ToArray();
        Assert.Equal(expected.GetProperty("roc_auc").GetDouble(), Auroc.Binary(suspicion, rows.Errors)!.Value, 1e-5);
        Assert.Equal(expected.GetProperty("average_precision").GetDouble(), AveragePrecision.Binary(suspicion, rows.Errors)!.Value, 1e-4);
        foreach (var share in new[] { 5, 10, 20, 30 })
        {
            var top = LabelQuality.Ranking(scores)[..(scores.Length * share / 100)];
            Assert.Equal(expected.GetProperty($"precision_at_{share}pct").GetDouble(), top.Average(row => rows.Errors[row] ? 1.0 : 0), 1e-9);
        }
    }

    private static void CheckConfidentLearning(JsonElement expected, ClassProbabilities probabilities, Rows rows)
    {
        var joint = ConfidentJoint.Count(probabilities, rows.Given);
        Assert.All(expected.GetProperty("thresholds").EnumerateArray(), (threshold, k) => Assert.Equal(threshold.GetDouble(), joint.Thresholds[k], 1e-9));
        Assert.Equal(Matrix(expected.GetProperty("confident_joint_counts_before_calibration")), joint.Counts.Cast<int>());
        Assert.Equal(Matrix(expected.GetProperty("cleanlab_confident_joint_calibrated")), joint.Calibrate(rows.Given).Cast<int>());
        CheckFilter(expected, "prune_by_noise_rate", LabelErrorFilter.PruneByNoiseRate(probabilities, rows.Given), rows);
        CheckFilter(expected, "confident_learning", LabelErrorFilter.ConfidentLearning(probabilities, rows.Given), rows);
    }

    private static void CheckFilter(JsonElement expected, string filter, bool[] flags, Rows rows)
    {
        var reference = expected.GetProperty("cleanlab_filters").GetProperty(filter);
        Assert.Equal(reference.GetProperty("flagged").GetInt32(), flags.Count(flag => flag));
        Assert.Equal(reference.GetProperty("tp").GetInt32(), flags.Where((flag, row) => flag && rows.Errors[row]).Count());
    }

    private static (JsonElement Expected, Rows Rows) Load(string set, string part)
    {
        var train = Csv.QuotedRows(SharedData.File(set, "train.csv"));
        var truth = Csv.Rows(SharedData.File(set, "train_truth.csv"), header: true).Select(row => Number(row[1])).ToArray();
        var givenAt = set == "tubespam-weak" ? 3 : 2;
        var kept = Enumerable.Range(0, train.Length).Where(row => part == "all_rows" || train[row][4] == "0").ToArray();
        var given = kept.Select(row => Number(train[row][givenAt])).ToArray();
        var rows = new Rows([.. kept.Select(row => Ascii(train[row][1]))], given, [.. kept.Select((row, i) => given[i] != truth[row])], truth.Max() + 1);
        return (SharedData.Json(set, "reference.json").GetProperty(part), rows);
    }

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);

    /// <summary>The reference's words are of ASCII letters and digits alone; ours are of every script.</summary>
    internal static string Ascii(string text) => NoAscii().Replace(text.ToLowerInvariant(), " ");

    private static int[] Matrix(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(cell => cell.GetInt32())];

    [GeneratedRegex("[^a-z0-9]")]
    private static partial Regex NoAscii();

    private sealed record Rows(string[] Texts, int[] Given, bool[] Errors, int Classes);
}
