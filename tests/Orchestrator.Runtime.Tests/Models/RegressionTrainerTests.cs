using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Models;

public sealed class RegressionTrainerTests
{
    private static readonly string[] _features = ["temp", "atemp", "hum", "windspeed", "hr", "weekday", "season", "holiday", "workingday"];

    /// <summary>scikit-learn's ridge regression on standardised features, trained on the first four weeks of bike rentals (<c>reference_loop.json</c>).</summary>
    [Fact]
    public void A_linear_model_of_numbers_errs_as_much_as_ridge_regression()
    {
        var hours = CsvTable.Read(SharedData.File("bike-sharing", "hour.csv"));
        var expected = SharedData.Json("bike-sharing", "reference_loop.json").GetProperty("models").GetProperty("ridge_alpha1_standardised").GetProperty("first_4_weeks_frozen");
        var train = Rows(hours, day => string.CompareOrdinal(day, "2011-01-29") < 0);
        Assert.Equal(618, train.Count);

        var scorer = Scorer.Load(Trainer.Train(Spec("linear"), train, CancellationToken.None));

        for (var week = 0; week < 4; week++)
        {
            var (from, to) = (Day(week), Day(week + 1));
            var rows = Rows(hours, day => string.CompareOrdinal(day, from) >= 0 && string.CompareOrdinal(day, to) < 0);
            var error = scorer.Numbers(rows).Zip(rows.Labels).Average(pair => Math.Abs(pair.First - double.Parse(pair.Second!, CultureInfo.InvariantCulture)));
            Assert.Equal(expected[week].GetDouble(), error, 0.01);
        }

        static string Day(int week) => new DateOnly(2011, 1, 29).AddDays(7 * week).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Trees_learn_what_a_line_cannot()
    {
        var hours = CsvTable.Read(SharedData.File("bike-sharing", "hour.csv"));
        var (train, test) = (Rows(hours, day => string.CompareOrdinal(day, "2011-02-26") < 0), Rows(hours, day => day.StartsWith("2011-02-2", StringComparison.Ordinal) && string.CompareOrdinal(day, "2011-02-26") >= 0));
        var task = new ModelTask.Regression();

        double R2(string trainer) => ScoredModel.Of(Scorer.Load(Trainer.Train(Spec(trainer), train, CancellationToken.None)).Score(test), test, task)
            .Measure([.. Enumerable.Range(0, test.Count)]).Values["model_r2"];

        Assert.True(R2("boosted") > R2("linear") + 0.2, $"{R2("boosted")}, {R2("linear")}");
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("boosted")]
    public void Rows_in_any_order_give_the_same_digest(string trainer)
    {
        var rows = Line(200);
        var orders = Enumerable.Range(1, 2).Select(seed => rows.At(new SeededRandom((ulong)seed).Shuffled(Enumerable.Range(0, rows.Count))));

        Assert.Single(orders.Select(order => Convert.ToHexString(SHA256.HashData(Trainer.Train(Spec(trainer), order, CancellationToken.None)))).Distinct());
    }

    [Fact]
    public void A_line_is_found_whatever_the_unit_of_its_labels()
    {
        var scorer = Scorer.Load(Trainer.Train(Spec("linear"), Line(200), CancellationToken.None));

        var found = scorer.Numbers(new(["a", "b"], [new FeatureColumn.Numeric("x", [50, 150])], [null, null]));

        // y = 3,000,000 x + 5: of 200 rows a penalty of 1 takes 1/201 of the slope.
        Assert.Equal(150_000_005, found[0], 1_500_000.0);
        Assert.Equal(450_000_005, found[1], 1_500_000.0);
    }

    [Fact]
    public void A_label_that_is_no_number_is_named_with_its_row()
    {
        var rows = Line(4).WithLabels(["1", "2", "many", "3"]);

        var error = Assert.Throws<TrainingException>(() => Trainer.Train(Spec("linear"), rows, CancellationToken.None));

        Assert.Equal("TRAIN014 the label \"many\" of the row with id \"r002\" is no number; a regression learns from finite numbers", error.Message);
    }

    [Fact]
    public void Errors_and_explained_variance_are_those_worked_out_by_hand()
    {
        // Labels 1 2 3 6 around a mean of 3: squares 4 1 0 9; errors 1 0 0 −1: mae 0.5, rmse √0.5, r² 1 − 2/14.
        var rows = new FeatureRows(["a", "b", "c", "d"], [], ["1", "2", "3", "6"]);
        var better = ScoredModel.Of(new([], [], null) { Predictions = ["2", "2", "3", "5"] }, rows, new ModelTask.Regression());
        var worse = ScoredModel.Of(new([], [], null) { Predictions = ["3", "2", "2", "6"] }, rows, new ModelTask.Regression());

        var measured = better.Measure([0, 1, 2, 3]);

        Assert.Equal([0.5, 1 - (2 / 14.0), Math.Sqrt(0.5)], measured.Values.Values);
        Assert.Equal(["model_mae", "model_r2", "model_rmse"], measured.Values.Keys);
        Assert.Equal([true, false, true, false], Enumerable.Range(0, 4).Select(row => better.IsBetter(worse, row)));
        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(row => worse.IsBetter(better, row)));
    }

    private static TrainerSpec Spec(string trainer) => TrainerSpec.Read([new("trainer", trainer)]) with { IsRegression = true };

    private static FeatureRows Line(int count) => new(
        [.. Enumerable.Range(0, count).Select(i => $"r{i:000}")],
        [new FeatureColumn.Numeric("x", [.. Enumerable.Range(0, count).Select(i => (double)i)])],
        [.. Enumerable.Range(0, count).Select(i => ((3_000_000.0 * i) + 5).ToString(CultureInfo.InvariantCulture))]);

    private static FeatureRows Rows(CsvTable hours, Func<string, bool> when)
    {
        var days = hours.Column("dteday");
        var kept = Enumerable.Range(0, days.Length).Where(row => when(days[row])).ToArray();
        FeatureColumn Feature(string name)
        {
            var column = hours.Column(name);
            return new FeatureColumn.Numeric(name, [.. kept.Select(row => double.Parse(column[row], CultureInfo.InvariantCulture))]);
        }

        var (ids, labels) = (hours.Column("instant"), hours.Column("cnt"));
        return new([.. kept.Select(row => ids[row])], [.. _features.Select(Feature)], [.. kept.Select(row => (string?)labels[row])]);
    }
}
