using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Fixes;

/// <summary>What the gate says of a challenger.</summary>
public enum GateVerdict
{
    /// <summary>It may serve.</summary>
    Promote,

    /// <summary>Nothing speaks against it, but not enough for it.</summary>
    Hold,

    /// <summary>It would do harm, or the comparison cannot be trusted.</summary>
    Reject,
}

/// <summary>A verdict with its reasons, in words.</summary>
public sealed record GateDecision(GateVerdict Verdict, ImmutableArray<string> Reasons)
{
    public string Reason => string.Join("; ", Reasons);
}

/// <summary>Decides by the model file's conditions whether a challenger may become champion.</summary>
public static class Gate
{
    /// <summary>Fewer scored rows decide nothing.</summary>
    public const int LeastRows = 30;

    /// <summary>A loss counts against the challenger, and a gain that is asked for counts for it, where chance explains it with less than this probability.</summary>
    public const double Significance = 0.05;

    public static GateDecision Decide(ModelFile model, ModelEvaluation evaluation) => Decide(model.Gate with { Metric = GateMetric.Of(model) }, evaluation);

    /// <param name="conditions">Where they name no metric, accuracy is compared.</param>
    public static GateDecision Decide(GateConditions conditions, ModelEvaluation evaluation)
    {
        var metric = conditions.Metric ?? "model_accuracy";
        ImmutableArray<string> harm =
        [
            .. Leak(evaluation),
            .. Loss(metric, evaluation.Overall),
            .. SegmentLosses(metric, conditions, evaluation),
            .. Latency(conditions, evaluation),
        ];
        if (!harm.IsEmpty)
        {
            return new(GateVerdict.Reject, harm);
        }

        var doubts = Doubts(metric, conditions, evaluation.Overall, evaluation.LatencyGain);
        return doubts.IsEmpty
            ? new(GateVerdict.Promote, [Comparison(metric, evaluation.Overall)])
            : new(GateVerdict.Hold, doubts);
    }

    private static IEnumerable<string> Leak(ModelEvaluation evaluation) => evaluation.TrainedIds == 0
        ? []
        : [Invariant($"{evaluation.TrainedIds} rows of {evaluation.Dataset} are among the training rows of {evaluation.Challenger}: the comparison is not held out")];

    private static IEnumerable<string> Loss(string metric, PairedResult overall) =>
        overall.Gain(metric) < 0 && overall.GatePValue < Significance ? [$"{Comparison(metric, overall)}; it is no chance (p {Number(overall.GatePValue)})"] : [];

    private static IEnumerable<string> SegmentLosses(string metric, GateConditions conditions, ModelEvaluation evaluation)
    {
        if (conditions.MaxSegmentLoss is not { } limit)
        {
            return [];
        }

        // Many segments are looked at: their p values are adjusted together, or one of them would fail by chance.
        var declared = evaluation.Segments.Where(segment => segment.FoundQ is null).ToArray();
        var adjusted = FalseDiscoveryRate.Adjust([.. declared.Select(segment => segment.Result.GatePValue)]);
        var found = evaluation.Segments.Where(segment => segment.FoundQ < Significance && segment.Result.GatePValue < Significance);
        return declared.Where((_, i) => adjusted[i] < Significance).Concat(found)
            .Where(segment => segment.Result.Gain(metric) < -limit)
            .Select(segment => $"in {segment.Predicate} {Comparison(metric, segment.Result)}: a loss of at most {Number(limit)} is allowed");
    }

    private static IEnumerable<string> Latency(GateConditions conditions, ModelEvaluation evaluation) =>
        evaluation.LatencyGain > conditions.MaxLatencyGain
            ? [$"scoring takes {Percent(evaluation.LatencyGain.Value)} longer: at most {Percent(conditions.MaxLatencyGain.Value)} are allowed"]
            : [];

    private static ImmutableArray<string> Doubts(string metric, GateConditions conditions, PairedResult overall, double? latencyGain)
    {
        if (overall.Rows < LeastRows)
        {
            return [Invariant($"only {overall.Rows} labelled rows to compare on: at least {LeastRows} are needed")];
        }

        if (overall.Champion is null)
        {
            return [];
        }

        if (conditions.MaxLatencyGain is not null && latencyGain is null)
        {
            return ["how long scoring takes is not known, and the gate limits it"];
        }

        return overall.Gain(metric) switch
        {
            null => [$"{metric} has no value on these rows"],
            { } gain when gain < conditions.MinGain => [$"{Comparison(metric, overall)}: a gain of {Number(conditions.MinGain)} is asked for"],
            <= 0 when conditions.MinGain >= 0 => [$"{Comparison(metric, overall)}: a version that gains nothing is not worth a change"],
            _ when conditions.MinGain > 0 && IsTested(metric, overall) && ByChance(overall) >= Significance =>
                [$"{Comparison(metric, overall)}: by chance a gain like this comes with probability {Number(ByChance(overall))}"],
            _ => [],
        };
    }

    /// <summary>McNemar's test is about rows that are right or wrong, as accuracy is; other metrics bring a test of their own.</summary>
    private static bool IsTested(string metric, PairedResult overall) => metric == "model_accuracy" || overall.MetricPValue is not null;

    /// <summary>One-sided: a gain is asked for, not a difference.</summary>
    private static double ByChance(PairedResult overall) => overall.GatePValue / 2;

    private static string Comparison(string metric, PairedResult result)
    {
        var after = Value(result.Challenger, metric);
        return result.Champion is null
            ? Invariant($"the first version has {metric} {after} on {result.Rows} rows")
            : Invariant($"{metric} goes from {Value(result.Champion, metric)} to {after} on {result.Rows} rows");
    }

    private static string Value(MeasuredModel model, string metric) =>
        model.Values.TryGetValue(metric, out var value) ? Number(value) : "no value";

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Percent(double ratio) => (ratio * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
