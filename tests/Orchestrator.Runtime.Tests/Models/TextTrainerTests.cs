using System.Security.Cryptography;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Models;

/// <summary>The linear model on weighted terms against scikit-learn's on the same definitions (<c>reference.json</c>: <c>lr_tfidf</c>).</summary>
public sealed class TextTrainerTests
{
    /// <summary>The reference knows letters of ASCII only and solves to the last digit: a row or two of hundreds may differ.</summary>
    [Theory]
    [InlineData("tubespam-weak", "2")]
    [InlineData("noisy-agnews", "1")]
    public void A_linear_model_of_terms_is_as_accurate_as_the_reference(string set, string l2)
    {
        var (given, truth, test) = Load(set);
        var expected = SharedData.Json(set, "reference.json").GetProperty("all_rows").GetProperty("lr_tfidf");

        Assert.Equal(expected.GetProperty("acc_given_labels").GetDouble(), Accuracy(given, test, l2), 0.01);
        Assert.Equal(expected.GetProperty("acc_all_true_labels").GetDouble(), Accuracy(truth, test, l2), 0.01);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("boosted")]
    public void Texts_in_any_order_give_the_same_digest(string trainer)
    {
        var rows = Load("tubespam-weak").Given;
        var spec = TrainerSpec.Read([new("trainer", trainer), new("word_ngrams", "2"), new("char_ngrams", "4"), .. trainer == "boosted" ? [new KeyValuePair<string, string>("rounds", "5")] : Array.Empty<KeyValuePair<string, string>>()]);
        var orders = Enumerable.Range(1, 2).Select(seed => rows.At(new SeededRandom((ulong)seed).Shuffled(Enumerable.Range(0, rows.Count)))).ToArray();

        var digests = orders.Select(order => Convert.ToHexString(SHA256.HashData(Trainer.Train(spec, order, CancellationToken.None)))).ToArray();

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void Numbers_beside_a_text_are_learned_from_as_well()
    {
        var numbers = new FeatureColumn.Numeric("size", [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1.0 : 2.0)]);
        var texts = new FeatureColumn.Text("words", [.. Enumerable.Range(0, 40).Select(i => i % 4 < 2 ? "good morning" : "good night")]);
        var rows = new FeatureRows([.. Enumerable.Range(0, 40).Select(i => $"r{i:00}")], [numbers, texts], [.. Enumerable.Range(0, 40).Select(i => $"{i % 2}{(i % 4 < 2 ? "m" : "n")}")]);

        var scorer = Scorer.Load(Trainer.Train(TrainerSpec.Of(Algorithm.Linear), rows, CancellationToken.None));

        Assert.All(scorer.Probabilities(rows).Zip(rows.Labels), pair => Assert.Equal(pair.Second, scorer.Prediction(pair.First)));
    }

    [Fact]
    public void A_text_without_a_known_word_is_scored_and_one_that_became_a_number_is_refused()
    {
        var texts = new FeatureColumn.Text("words", [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "ham and eggs" : null)]);
        var rows = new FeatureRows([.. Enumerable.Range(0, 20).Select(i => $"r{i:00}")], [texts], [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "ham" : "spam")]);
        var scorer = Scorer.Load(Trainer.Train(TrainerSpec.Of(Algorithm.Linear), rows, CancellationToken.None));

        var scores = scorer.Probabilities(new FeatureRows(["a", "b"], [new FeatureColumn.Text("words", ["", "unheard of"])], [null, null]));

        Assert.All(scores, row => Assert.Equal("spam", scorer.Prediction(row)));
        var error = Assert.Throws<TrainingException>(() => scorer.Probabilities(new FeatureRows(["a"], [new FeatureColumn.Numeric("words", [1])], [null])));
        Assert.Equal("TRAIN011 column \"words\" has another type than in training; the model expects text", error.Message);
    }

    [Fact]
    public void Texts_that_share_no_word_are_refused()
    {
        var texts = new FeatureColumn.Text("words", ["alpha", "beta", "gamma", "delta"]);
        var rows = new FeatureRows(["a", "b", "c", "d"], [texts], ["x", "y", "x", "y"]);

        var error = Assert.Throws<TrainingException>(() => Trainer.Train(TrainerSpec.Of(Algorithm.Linear), rows, CancellationToken.None));

        Assert.Equal("TRAIN013 no term occurs in 2 of the 4 rows; texts that share words, or a lower min_rows_per_term", error.Message);
    }

    private static (FeatureRows Given, FeatureRows Truth, FeatureRows Test) Load(string set)
    {
        var train = CsvTable.Read(SharedData.File(set, "train.csv"));
        var truth = CsvTable.Read(SharedData.File(set, "train_truth.csv"));
        var test = CsvTable.Read(SharedData.File(set, "test.csv"));
        return (Rows(train, train.Column("given_label")), Rows(train, truth.Column("true_label")), Rows(test, test.Column("label")));
    }

    private static FeatureRows Rows(CsvTable table, IEnumerable<string> labels) =>
        new(table.Column("id"), [new FeatureColumn.Text("text", [.. table.Column("text")])], [.. labels]);

    private static double Accuracy(FeatureRows train, FeatureRows test, string l2)
    {
        var scorer = Scorer.Load(Trainer.Train(TrainerSpec.Read([new("l2", l2)]), train, CancellationToken.None));
        return scorer.Probabilities(test).Zip(test.Labels).Average(pair => scorer.Prediction(pair.First) == pair.Second ? 1.0 : 0.0);
    }
}
