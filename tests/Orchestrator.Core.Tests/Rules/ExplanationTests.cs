using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

public sealed class ExplanationTests
{
    [Fact]
    public void A_comparison_says_value_threshold_and_the_change_that_flips_it()
    {
        var root = Assert.Single(Explain("x > 3", ("x{a=\"1\"}", 5))).Root;
        Assert.Equal((ExplanationKind.Comparison, "x > 3", Labels.Of([new("a", "1")]), true, 5.0, 3.0, ">"), (root.Kind, root.Text, root.Labels, root.Holds, root.Value, root.Threshold, root.Operator));
        Assert.Equal(new Flip(-2, 3), root.Flip);
        Assert.Equal(("x", 5.0), (Assert.Single(root.Parts).Text, root.Parts[0].Value));
    }

    // To become true a strict comparison needs the next number beyond the threshold.
    [Theory]
    [InlineData("x > 3", 5, -2, 3)]
    [InlineData("x > 3", 3, 4.440892098500626E-16, 3.0000000000000004)]
    [InlineData("x >= 3", 1, 2, 3)]
    [InlineData("x < 3", 1, 2, 3)]
    [InlineData("x <= 3", 5, -2, 3)]
    [InlineData("x == 3", 5, -2, 3)]
    [InlineData("x != 3", 5, -2, 3)]
    [InlineData("3 < x", 5, 2, 5)]
    public void Each_comparison_has_its_flip(string expression, double value, double change, double to) =>
        Assert.Equal(new Flip(change, to), Assert.Single(Explain(expression, ("x", value))).Root.Flip);

    [Theory]
    [InlineData("x > 3", double.NaN)]
    [InlineData("x > 3", double.PositiveInfinity)]
    [InlineData("x < Inf", 3)]
    public void What_no_finite_change_flips_has_none(string expression, double value)
    {
        var root = Assert.Single(Explain(expression, ("x", value))).Root;
        Assert.Null(root.Flip);
        Assert.Empty(root.MinimalFlips());
    }

    [Fact]
    public void The_minimal_set_of_a_condition_that_fails_is_what_fails()
    {
        var explained = Assert.Single(Explain("x > 3 and on (model) y > 3 and on (model) z > 3", ("x{model=\"m\", a=\"b\"}", 5), ("y{model=\"m\"}", 1), ("z{model=\"m\"}", 2)));
        Assert.False(explained.Root.Holds);
        Assert.Equal(["z > 3", "y > 3"], explained.Minimal.Select(flip => flip.Text));
    }

    [Fact]
    public void The_minimal_set_of_a_condition_that_holds_is_the_one_nearest_to_failing()
    {
        var explained = Assert.Single(Explain("x > 3 and on (model) y > 3", ("x{model=\"m\", a=\"b\"}", 50), ("y{model=\"m\"}", 4)));
        Assert.True(explained.Root.Holds);
        Assert.Equal(("y > 3", -1.0), (Assert.Single(explained.Minimal).Text, explained.Minimal[0].Flip!.Change));
    }

    [Fact]
    public void Any_partner_is_enough_so_all_of_them_must_go()
    {
        var explained = Assert.Single(Explain("x > 3 and on (model) y > 3", ("x{model=\"m\"}", 5000), ("y{model=\"m\", a=\"1\"}", 4), ("y{model=\"m\", a=\"2\"}", 5)));
        Assert.Equal(["x > 3"], explained.Minimal.Select(flip => flip.Text));
        var any = explained.Root.Parts[1];
        Assert.Equal((ExplanationKind.Any, 2), (any.Kind, any.Parts.Length));
    }

    [Fact]
    public void Every_leaf_has_its_value()
    {
        var root = Assert.Single(Explain("sum by (a) (x) / on (a) abs(y) > 0.5", ("x{a=\"1\", b=\"1\"}", 2), ("x{a=\"1\", b=\"2\"}", 4), ("y{a=\"1\"}", -3))).Root;
        Assert.Equal((2.0, 0.5), (root.Value, root.Threshold));
        var ratio = Assert.Single(root.Parts);
        Assert.Equal([("sum by (a) (x)", 6.0), ("abs(y)", 3.0)], ratio.Parts.Select(part => (part.Text, part.Value!.Value)));
        Assert.Equal([2.0, 4.0], ratio.Parts[0].Parts.Select(part => part.Value!.Value));
        Assert.Equal(-3.0, ratio.Parts[1].Parts[0].Value);
    }

    [Fact]
    public void A_series_that_is_missing_is_said_to_be_missing()
    {
        var explained = Assert.Single(Explain("x > 3 and on (model) y > 3", ("x{model=\"m\"}", 5)));
        var missing = explained.Root.Parts[1];
        Assert.Equal((ExplanationKind.Value, "y > 3", false, (double?)null), (missing.Kind, missing.Text, missing.Holds, missing.Value));
        Assert.Empty(explained.Minimal);
    }

    [Fact]
    public void Only_the_wanted_labels_are_explained()
    {
        var all = Explain("x > 3", ("x{a=\"1\"}", 5), ("x{a=\"2\"}", 1));
        Assert.Equal([true, false], all.Select(one => one.Root.Holds));
        Assert.Equal("2", Assert.Single(Explain("x > 3", Labels.Of([new("a", "2")]), ("x{a=\"1\"}", 5), ("x{a=\"2\"}", 1))).Labels["a"]);
    }

    [Fact]
    public void A_rule_that_cannot_be_evaluated_says_why()
    {
        var explained = Of("x > on (a) y", Labels.Empty, Samples([("x{a=\"1\"}", 5), ("y{a=\"1\", b=\"1\"}", 1), ("y{a=\"1\", b=\"2\"}", 1)]));
        Assert.Contains("many-to-many", explained.Error, StringComparison.Ordinal);
    }

    // Every metric stands on the left of one comparison only, so that its samples can be changed by themselves; the seed is fixed.
    [Fact]
    public void The_stated_changes_flip_the_outcome_and_99_percent_of_them_do_not()
    {
        var random = new Random(20260105);
        var (checkedFlips, whole) = (0, 0);
        for (var i = 0; i < 1500; i++)
        {
            var metrics = new Queue<string>(["a", "b", "c", "d", "e", "f"]);
            var expression = Condition(random, metrics, 3);
            var values = Values(random);
            foreach (var explained in Of(expression, Labels.Empty, Samples(values)).All)
            {
                Assert.True(explained.Root.Holds == Holds(expression, values, explained.Labels), $"{expression} of {explained.Labels}");
                if (explained.Minimal.IsEmpty)
                {
                    continue;
                }

                Assert.True(explained.Root.Holds != Holds(expression, Changed(values, explained, 1), explained.Labels), $"{expression} of {explained.Labels}: {Text(explained)}");
                whole++;
                if (explained.Minimal.All(IsBeyondRounding))
                {
                    Assert.True(explained.Root.Holds == Holds(expression, Changed(values, explained, 0.99), explained.Labels), $"{expression} of {explained.Labels}: 99 % of {Text(explained)}");
                    checkedFlips++;
                }
            }
        }

        Assert.True(whole > 1000 && checkedFlips > 1000, $"only {whole} and {checkedFlips} were seen");
    }

    // Of the minimal set no comparison is superfluous: without its change the outcome stays.
    [Fact]
    public void No_change_of_the_minimal_set_is_superfluous()
    {
        var random = new Random(20260106);
        for (var i = 0; i < 500; i++)
        {
            var expression = Condition(random, new Queue<string>(["a", "b", "c", "d", "e", "f"]), 3);
            var values = Values(random);
            foreach (var explained in Of(expression, Labels.Empty, Samples(values)).All.Where(one => one.Minimal.Length > 1))
            {
                foreach (var left in explained.Minimal)
                {
                    var fewer = explained with { Minimal = explained.Minimal.Remove(left) };
                    Assert.True(explained.Root.Holds == Holds(expression, Changed(values, fewer, 1), explained.Labels), $"{expression} of {explained.Labels}: {Text(explained)} without {left.Text}");
                }
            }
        }
    }

    private static string Text(RuleExplanation explained) => string.Join(", ", explained.Minimal.Select(flip => $"{flip.Text} by {flip.Flip!.Change.ToString(CultureInfo.InvariantCulture)}"));

    private static bool IsBeyondRounding(Explanation flip) => Math.Abs(flip.Flip!.Change) > 1000 * Math.Abs(Math.BitIncrement(flip.Value!.Value) - flip.Value.Value);

    private static string Condition(Random random, Queue<string> metrics, int depth)
    {
        if (depth == 0 || metrics.Count < 2 || random.Next(4) == 0)
        {
            string[] signs = [">", ">=", "<", "<=", "==", "!="];
            return $"{metrics.Dequeue()} {signs[random.Next(signs.Length)]} {random.Next(-3, 4).ToString(CultureInfo.InvariantCulture)}";
        }

        string[] joins = ["and", "or", "unless", "and on (model)", "unless on (model)", "or on (model)"];
        var left = Condition(random, metrics, depth - 1);
        return metrics.Count == 0 ? left : $"({left} {joins[random.Next(joins.Length)]} {Condition(random, metrics, depth - 1)})";
    }

    private static (string Series, double Value)[] Values(Random random) =>
        [.. from metric in "abcdef" from one in new[] { "{model=\"m\", k=\"1\"}", "{model=\"m\", k=\"2\"}", "{model=\"n\", k=\"1\"}" } where random.Next(5) > 0 select ($"{metric}{one}", random.Next(-40, 41) / 10.0)];

    private static (string, double)[] Changed((string Series, double Value)[] values, RuleExplanation explained, double share) =>
        [.. values.Select(pair => (pair.Series, pair.Value + explained.Minimal.Where(flip => Labels.Of(flip.Text[..1]) is var name && SeriesNotation.Labels(pair.Series) == flip.Labels.With(Labels.NameLabel, name.Name)).Sum(flip => flip.Flip!.Change * share)))];

    private static bool Holds(string expression, (string Series, double Value)[] values, Labels labels) => Group(expression)
        .Evaluate(RuleGroupState.Empty, Samples(values), 0).State.Alerts.Any(alert => alert.Source == labels);

    private static ImmutableArray<RuleExplanation> Explain(string expression, params (string Series, double Value)[] values) => Explain(expression, Labels.Empty, values);

    private static ImmutableArray<RuleExplanation> Explain(string expression, Labels wanted, params (string Series, double Value)[] values) => Of(expression, wanted, Samples(values)).All;

    private static RuleExplanations Of(string expression, Labels wanted, SeriesSnapshot snapshot) =>
        RuleExplanation.Of(Group(expression), Group(expression).Rules[0], snapshot, new(DateTimeOffset.UnixEpoch, wanted));

    private static RuleGroup Group(string expression) => RuleFile.Read("t", $"groups: [{{name: g, rules: [{{alert: A, expr: '{expression}'}}]}}]").Value!.Groups[0];

    private static SeriesSnapshot Samples((string Series, double Value)[] values) =>
        SeriesSnapshot.Of(values.Select(pair => new LabelledSample(SeriesNotation.Labels(pair.Series)!, new Sample(0, pair.Value))));
}
