using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class GateTests
{
    private static readonly GateConditions Conditions = new("model_accuracy", 0.005, 0.05, 0.10);

    [Fact]
    public void A_challenger_that_gains_enough_and_harms_no_segment_is_promoted()
    {
        var decision = Gate.Decide(Conditions, Evaluation(Pair(200, 160, 180)));

        Assert.Equal(GateVerdict.Promote, decision.Verdict);
        Assert.Equal("model_accuracy goes from 0.8 to 0.9 on 200 rows", decision.Reason);
    }

    [Fact]
    public void The_least_gain_itself_is_enough() =>
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions with { MinGain = 0.5 }, Evaluation(Pair(200, 50, 150))).Verdict);

    [Fact]
    public void A_challenger_that_gains_too_little_is_held()
    {
        var decision = Gate.Decide(Conditions, Evaluation(Pair(1000, 900, 904)));

        Assert.Equal(GateVerdict.Hold, decision.Verdict);
        Assert.Equal("model_accuracy goes from 0.9 to 0.904 on 1000 rows: a gain of 0.005 is asked for", decision.Reason);
    }

    /// <summary>Twelve rows won and six lost of 200: p = 0.2379 two-sided, half of it for a gain.</summary>
    [Fact]
    public void A_gain_that_may_be_chance_is_held()
    {
        var pair = new PairedResult(200, Measured(200, 160), Measured(200, 166), 6, 12);
        var decision = Gate.Decide(Conditions, Evaluation(pair));

        Assert.Equal(GateVerdict.Hold, decision.Verdict);
        Assert.Equal("model_accuracy goes from 0.8 to 0.83 on 200 rows: by chance a gain like this comes with probability 0.1189", decision.Reason);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions with { MinGain = 0 }, Evaluation(pair)).Verdict);
    }

    [Fact]
    public void A_challenger_that_equals_the_champion_is_held_unless_a_loss_is_allowed()
    {
        var decision = Gate.Decide(Conditions with { MinGain = 0 }, Evaluation(Pair(200, 160, 160)));

        Assert.Equal(GateVerdict.Hold, decision.Verdict);
        Assert.Equal("model_accuracy goes from 0.8 to 0.8 on 200 rows: a version that gains nothing is not worth a change", decision.Reason);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions with { MinGain = -0.01 }, Evaluation(Pair(200, 160, 160))).Verdict);
    }

    [Theory]
    [InlineData(0.5, 0.6, 0.04, GateVerdict.Promote)]
    [InlineData(0.5, 0.6, 0.2, GateVerdict.Hold)] // one in ten by chance
    [InlineData(0.6, 0.5, 0.04, GateVerdict.Reject)]
    [InlineData(0.6, 0.5, 0.2, GateVerdict.Hold)]
    public void Another_metric_has_a_test_of_its_own(double before, double after, double p, GateVerdict verdict)
    {
        // By rows that are right or wrong it would be the other way round.
        var pair = new PairedResult(200, F1(before), F1(after), after > before ? 40 : 0, after > before ? 0 : 40) { MetricPValue = p };

        Assert.Equal(verdict, Gate.Decide(Conditions with { Metric = "model_f1" }, Evaluation(pair)).Verdict);

        MeasuredModel F1(double value) => new(ImmutableSortedDictionary<string, double>.Empty.Add("model_f1", value), null);
    }

    [Theory]
    [InlineData(0.01, GateVerdict.Reject)]
    [InlineData(0.2, GateVerdict.Promote)] // among so many segments one like it is found by chance
    public void A_segment_that_was_found_to_lose_rejects_too(double q, GateVerdict verdict)
    {
        var evaluation = Evaluation(Pair(1000, 800, 900)) with { Segments = [new SegmentResult("age = 'q4' and work = 'self'", Pair(100, 90, 60)) { FoundQ = q }] };

        Assert.Equal(verdict, Gate.Decide(Conditions, evaluation).Verdict);
    }

    /// <summary>Five rows won and none lost: 1/32 for a gain; with four it is 1/16.</summary>
    [Fact]
    public void A_gain_is_tested_on_one_side()
    {
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions, Evaluation(Pair(200, 160, 165))).Verdict);
        Assert.Equal(GateVerdict.Hold, Gate.Decide(Conditions, Evaluation(Pair(200, 160, 164))).Verdict);
    }

    [Fact]
    public void Too_few_rows_decide_nothing()
    {
        var decision = Gate.Decide(Conditions, Evaluation(Pair(29, 1, 28)));

        Assert.Equal(GateVerdict.Hold, decision.Verdict);
        Assert.Equal("only 29 labelled rows to compare on: at least 30 are needed", decision.Reason);
    }

    [Fact]
    public void The_first_version_needs_no_gain() =>
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions, Evaluation(new PairedResult(200, null, Measured(200, 150), 0, 150))).Verdict);

    /// <summary>20 rows lost and none won: p = 2 / 2^20.</summary>
    [Fact]
    public void A_challenger_that_is_significantly_worse_is_rejected() =>
        Assert.Equal(GateVerdict.Reject, Gate.Decide(Conditions, Evaluation(Pair(200, 180, 160))).Verdict);

    /// <summary>Four rows lost and none won: p = 2 / 16 = 0.125.</summary>
    [Fact]
    public void A_loss_that_may_be_chance_is_held() =>
        Assert.Equal(GateVerdict.Hold, Gate.Decide(Conditions, Evaluation(Pair(200, 180, 176))).Verdict);

    /// <summary>In the segment ten rows are lost of 50, 20 points of accuracy; p = 2 / 2^10.</summary>
    [Fact]
    public void A_segment_that_loses_significantly_more_than_allowed_rejects_the_whole()
    {
        var evaluation = Evaluation(Pair(400, 300, 350)) with { Segments = [new("ink = 'q4'", Pair(50, 45, 35)), new("ink = 'q1'", Pair(50, 30, 40))] };
        var decision = Gate.Decide(Conditions, evaluation);

        Assert.Equal(GateVerdict.Reject, decision.Verdict);
        Assert.Equal("in ink = 'q4' model_accuracy goes from 0.9 to 0.7 on 50 rows: a loss of at most 0.05 is allowed", decision.Reason);
    }

    /// <summary>Six rows lost: p = 2 / 64 = 0.03125 alone, 0.0625 as the smallest of two p values.</summary>
    [Fact]
    public void Segments_are_judged_together()
    {
        var loser = new SegmentResult("a", Pair(50, 45, 39));
        var still = new SegmentResult("b", Pair(50, 45, 45));

        Assert.Equal(GateVerdict.Reject, Gate.Decide(Conditions, Evaluation(Pair(400, 300, 350)) with { Segments = [loser] }).Verdict);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions, Evaluation(Pair(400, 300, 350)) with { Segments = [loser, still] }).Verdict);
    }

    [Fact]
    public void A_segment_may_lose_where_no_limit_is_set()
    {
        var evaluation = Evaluation(Pair(400, 300, 350)) with { Segments = [new("ink = 'q4'", Pair(50, 45, 35))] };

        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions with { MaxSegmentLoss = null }, evaluation).Verdict);
    }

    [Fact]
    public void A_row_that_was_trained_on_rejects_whatever_the_gain()
    {
        var decision = Gate.Decide(Conditions, Evaluation(Pair(200, 100, 200)) with { TrainedIds = 3 });

        Assert.Equal(GateVerdict.Reject, decision.Verdict);
        Assert.Equal("3 rows of digits-production are among the training rows of digits-2: the comparison is not held out", decision.Reason);
    }

    [Fact]
    public void Slower_scoring_than_allowed_rejects()
    {
        var evaluation = Evaluation(Pair(200, 160, 180)) with { LatencyGain = 0.25 };

        Assert.Equal("scoring takes 25 % longer: at most 10 % are allowed", Gate.Decide(Conditions, evaluation).Reason);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions with { MaxLatencyGain = null }, evaluation).Verdict);
    }

    [Fact]
    public void Where_latency_is_limited_and_nobody_knows_it_the_challenger_is_held()
    {
        var evaluation = Evaluation(Pair(200, 160, 180)) with { LatencyGain = null };

        var decision = Gate.Decide(Conditions, evaluation);
        Assert.Equal((GateVerdict.Hold, "how long scoring takes is not known, and the gate limits it"), (decision.Verdict, decision.Reason));
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Conditions with { MaxLatencyGain = null }, evaluation).Verdict);
    }

    [Fact]
    public void Of_a_loss_less_is_better()
    {
        Assert.Equal(0.25, GateMetric.Gain("model_log_loss", 0.75, 0.5));
        Assert.Equal(-0.25, GateMetric.Gain("model_f1", 0.75, 0.5));
        Assert.Equal(-0.25, GateMetric.Gain("model_rmse", 0.5, 0.75));
        Assert.Equal(0.25, GateMetric.Gain("model_r2", 0.5, 0.75));
    }

    [Theory]
    [InlineData(90, 80, 60, 140, GateVerdict.Promote)]
    [InlineData(90, 88, 60, 140, GateVerdict.Hold)] // a gain of 5 is asked for
    [InlineData(90, 99, 140, 60, GateVerdict.Reject)] // and the champion is nearer far more often than by chance
    [InlineData(90, 99, 100, 100, GateVerdict.Hold)]
    public void Of_numbers_the_error_has_to_fall(double before, double after, int champion, int challenger, GateVerdict verdict)
    {
        static MeasuredModel Error(double rmse) => new(ImmutableSortedDictionary<string, double>.Empty.Add("model_rmse", rmse), null);
        var evaluation = Evaluation(new PairedResult(200, Error(before), Error(after), champion, challenger));

        Assert.Equal(verdict, Gate.Decide(new GateConditions("model_rmse", 5, null, null), evaluation).Verdict);
    }

    [Fact]
    public void A_metric_without_a_value_promotes_nothing() =>
        Assert.Equal("model_auroc has no value on these rows", Gate.Decide(Conditions with { Metric = "model_auroc" }, Evaluation(Pair(200, 160, 180))).Reason);

    private static ModelEvaluation Evaluation(PairedResult overall) =>
        new("digits", "digits-2", "digest", "digits-1", "digits-production", 0, 0) { Overall = overall, LatencyGain = 0 };

    /// <summary>The better of the two gets right whatever the other does.</summary>
    private static PairedResult Pair(int rows, int champion, int challenger) =>
        new(rows, Measured(rows, champion), Measured(rows, challenger), Math.Max(0, champion - challenger), Math.Max(0, challenger - champion));

    private static MeasuredModel Measured(int rows, int correct) => new(
        ImmutableSortedDictionary<string, double>.Empty.Add("model_accuracy", (double)correct / rows), Interval.Wilson(correct, rows));
}
