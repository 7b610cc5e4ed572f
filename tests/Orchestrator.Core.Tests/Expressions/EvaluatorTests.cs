using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions;

/// <summary>What goes beyond Prometheus, or is not seen by its scripts; times are minutes.</summary>
public sealed class EvaluatorTests
{
    private const long Minute = 60 * Timestamp.PerSecond;

    private static readonly Labels M = Labels.Of("m");

    public static TheoryData<string, string> Values => CaseFile.Read("expression-values.txt");

    [Theory]
    [MemberData(nameof(Values))]
    public void An_expression_has_its_value(string expression, string expected) =>
        Assert.Equal(expected == "(none)" ? "" : expected, Shown(Evaluate(expression, 10, SeriesSnapshot.Empty)));

    [Theory]
    [InlineData(9, "")]
    [InlineData(10, "m 1")]
    [InlineData(69, "m 1")]
    [InlineData(70, "")]
    public void A_sample_with_an_end_of_validity_is_seen_until_then_and_no_look_back_matters(long minute, string expected) =>
        Assert.Equal(expected, Shown("m", minute, new Sample(10 * Minute, 1, 70 * Minute)));

    [Theory]
    [InlineData(14, "m 1")]
    [InlineData(15, "")]
    public void A_sample_without_one_is_seen_for_the_look_back_which_is_open_on_the_left(long minute, string expected) =>
        Assert.Equal(expected, Shown("m", minute, new Sample(10 * Minute, 1)));

    [Fact]
    public void Validity_can_end_before_the_look_back_does() => Assert.Equal("", Shown("m", 12, new Sample(10 * Minute, 1, 12 * Minute)));

    [Fact]
    public void The_newest_sample_counts_even_where_an_older_one_would_still_be_valid() =>
        Assert.Equal("", Shown("m", 31, new Sample(10 * Minute, 1, 100 * Minute), new Sample(20 * Minute, 2, 30 * Minute)));

    [Fact]
    public void An_offset_asks_what_was_valid_then() =>
        Assert.Equal("m 1", Shown("m offset 30m", 60, new Sample(10 * Minute, 1, 40 * Minute)));

    [Fact]
    public void A_stale_marker_hides_the_series_whatever_was_valid_before() =>
        Assert.Equal("", Shown("m", 21, new Sample(10 * Minute, 1, 100 * Minute), new Sample(20 * Minute, Sample.Stale)));

    [Theory]
    [InlineData("count_over_time(m[20m])", "2")]
    [InlineData("count_over_time(m[10m])", "1")]
    [InlineData("last_over_time(m[30m])", "m 3")]
    public void A_range_sees_real_samples_only_neither_validity_nor_stale_markers(string expression, string expected) => Assert.Equal(
        expected.StartsWith('m') ? expected : $"{{}} {expected}",
        Shown(expression, 30, new Sample(10 * Minute, 1, 100 * Minute), new Sample(15 * Minute, 2), new Sample(20 * Minute, Sample.Stale), new Sample(25 * Minute, 3)));

    [Fact]
    public void An_evaluation_sees_batches_up_to_its_watermark()
    {
        var head = new SeriesHead();
        head.Append(1, [new LabelledSample(M, new Sample(10 * Minute, 1))]);
        head.Append(2, [new LabelledSample(M, new Sample(11 * Minute, 2))]);

        Assert.Equal("m 2", Shown("m", 11, head.Snapshot()));
        Assert.Equal("m 1", Shown("m", 11, head.Snapshot().UpTo(1)));
    }

    // a{s="x"} was measured on 100 rows, a{s="y"} on 50, b{s="x"} on 30, b{s="y"} on an unknown number.
    [Theory]
    [InlineData("a", "100 50")]
    [InlineData("-a", "100 50")]
    [InlineData("a > 0", "100 50")]
    [InlineData("a + b", "30 50")]
    [InlineData("a and b", "30 50")]
    [InlineData("a and on() b", "30 30")]
    [InlineData("a unless on(none) c", "100 50")]
    [InlineData("b or a", "30 0")]
    [InlineData("sum(a)", "50")]
    [InlineData("sum(b)", "30")]
    [InlineData("topk(1, a)", "50")]
    [InlineData("a * scalar(sum(b))", "30 30")]
    [InlineData("vector(scalar(sum(b)))", "30")]
    [InlineData("avg_over_time(a[10m])", "40 50")]
    [InlineData("label_replace(a, \"t\", \"1\", \"s\", \".*\")", "100 50")]
    [InlineData("absent(c)", "0")]
    [InlineData("max_over_time(a[10m:1m])", "40 50")]
    public void The_smallest_known_row_count_is_carried_along(string expression, string expected)
    {
        var snapshot = SeriesSnapshot.Of(
        [
            Rows("a", "x", 1, 40, 55), Rows("a", "x", 1, 100, 60), Rows("a", "y", 2, 50, 60), Rows("b", "x", 3, 30, 60), Rows("b", "y", 4, 0, 60),
        ]);
        var vector = Assert.IsType<Evaluation.Vector>(Evaluate(expression, 60, snapshot));
        Assert.Equal(expected, string.Join(' ', vector.Samples.Select(sample => sample.Rows)));
    }

    [Fact]
    public void Names_are_dropped_at_once_unless_that_is_to_be_delayed()
    {
        var snapshot = SeriesSnapshot.Of([new LabelledSample(M, new Sample(0, 1))]);
        var expr = Parse("label_replace(abs(m), \"n\", \"$1\", \"__name__\", \"(.*)\")");
        var delayed = EvaluationOptions.Default with { DelayedNameRemoval = true };

        Assert.Equal("{} 1", Shown(Evaluator.Evaluate(expr, snapshot, 0, EvaluationOptions.Default)));
        Assert.Equal("{n=\"m\"} 1", Shown(Evaluator.Evaluate(expr, snapshot, 0, delayed)));
    }

    [Theory]
    [InlineData("a + on() b", ExpressionCodes.ManyToMany, "many-to-many matching: on the right side of + both b{s=\"x\"} and b{s=\"y\"} match {}")]
    [InlineData("a + on() b{s=\"x\"}", ExpressionCodes.ManyToMany, "several elements on the left side of + match {}")]
    [InlineData("-{s=\"x\"}", ExpressionCodes.DuplicateLabels, "two results have the same labels {s=\"x\"}")]
    [InlineData("topk(NaN, a)", ExpressionCodes.Parameter, "topk cannot choose NaN elements")]
    public void Data_that_does_not_fit_is_a_failure_with_its_place(string expression, string code, string text)
    {
        var snapshot = SeriesSnapshot.Of([Rows("a", "x", 1, 0, 0), Rows("a", "y", 1, 0, 0), Rows("b", "x", 1, 0, 0), Rows("b", "y", 1, 0, 0)]);
        var failed = Assert.IsType<Evaluation.Failed>(Evaluate(expression, 0, snapshot));
        Assert.Equal(code, failed.Error.Code);
        Assert.Equal(text, failed.Error.Text);
        Assert.True(failed.Error.Offset + failed.Error.Length <= expression.Length);
    }

    [Fact]
    public void Every_function_that_passes_the_check_of_types_can_run() => Assert.Equal(
        FunctionCatalog.All.Where(function => function.Availability == Availability.Supported).Select(function => function.Name),
        FunctionTable.Names.Order(StringComparer.Ordinal));

    // Sums by hand: 0.1 ten times is 1 with compensation and 0.9999999999999999 without.
    [Theory]
    [InlineData("sum_over_time(m[11m])", 1)]
    [InlineData("avg_over_time(m[11m])", 0.1)]
    public void Sums_are_compensated(string expression, double expected)
    {
        var snapshot = SeriesSnapshot.Of(Enumerable.Range(1, 10).Select(i => new LabelledSample(M, new Sample(i * Minute, 0.1))));
        var vector = Assert.IsType<Evaluation.Vector>(Evaluate(expression, 10, snapshot));
        Assert.Equal(expected, vector.Samples[0].Value);
    }

    [Theory]
    [InlineData("sum_over_time(m[10m])", 10, null)]
    [InlineData("sum_over_time(m[10m])", 9, ExpressionCodes.TooMany)]
    [InlineData("m", 0, null)]
    public void More_samples_than_may_be_held_end_an_evaluation(string expression, long most, string? code)
    {
        var snapshot = SeriesSnapshot.Of(Enumerable.Range(1, 10).Select(i => new LabelledSample(M, new Sample(i * Minute, 1))));
        var options = EvaluationOptions.Default with { MostSamples = most };
        Assert.Equal(code, (Evaluator.Evaluate(Parse(expression), snapshot, 10 * Minute, options) as Evaluation.Failed)?.Error.Code);
        var range = Evaluator.EvaluateRange(Parse("m"), snapshot, new TimeRange(Minute, 10 * Minute, Minute), options);
        Assert.Equal(most < 10 ? ExpressionCodes.TooMany : null, (range as Evaluation.Failed)?.Error.Code);
    }

    [Fact]
    public void Who_asks_may_lose_patience_in_the_middle()
    {
        var asked = 0;
        var failed = Evaluator.Evaluate(Parse("vector(1)[1y:1ms]"), SeriesSnapshot.Empty, 0, EvaluationOptions.Default with { IsOver = () => ++asked > 100 });
        Assert.Equal(ExpressionCodes.Timeout, Assert.IsType<Evaluation.Failed>(failed).Error.Code);
        Assert.InRange(asked, 101, 200);
    }

    private static LabelledSample Rows(string name, string s, double value, int rows, long minute) =>
        new(Labels.Of(name, ("s", s)), new Sample(minute * Minute, value, 0, rows));

    private static string Shown(string expression, long minute, params Sample[] samples) =>
        Shown(expression, minute, SeriesSnapshot.Of(samples.Select(sample => new LabelledSample(M, sample))));

    private static string Shown(string expression, long minute, SeriesSnapshot snapshot) => Shown(Evaluate(expression, minute, snapshot));

    private static string Shown(Evaluation evaluation) => string.Join(
        ", ",
        Assert.IsType<Evaluation.Vector>(evaluation).Samples.Select(sample => $"{sample.Labels} {NumberText.Fixed(sample.Value)}"));

    private static Evaluation Evaluate(string expression, long minute, SeriesSnapshot snapshot) =>
        Evaluator.Evaluate(Parse(expression), snapshot, minute * Minute, EvaluationOptions.Default);

    private static Expr Parse(string text)
    {
        var parsed = ExpressionText.Parse(text);
        Assert.Empty(parsed.Errors);
        return parsed.Root!;
    }
}
