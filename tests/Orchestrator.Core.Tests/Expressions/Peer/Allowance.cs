using Orchestrator.Core.Expressions;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>Where Prometheus 2.42 may answer otherwise than Prometheus 3, which is what counts, and why. What is not listed here is a fault.</summary>
internal sealed class Allowance
{
    private const double SmallestMean = 1e-14;

    private readonly SeriesSnapshot _snapshot;
    private readonly List<SeriesSnapshot> _moved;

    /// <param name="samples">What both were given.</param>
    public Allowance(IReadOnlyList<LabelledSample> samples)
    {
        _snapshot = SeriesSnapshot.Of(samples);
        _moved = [.. Enumerable.Range(1, 4).Select(seed => SeriesSnapshot.Of(Moved(samples, new Random(seed))))];
    }

    /// <summary>The reason for which the answers may differ; none where they may not.</summary>
    public string? Of(Question question, Answer ours, Answer theirs)
    {
        if (ours.Failure is null && theirs.Failure is { } failure && MayOverlap(question) && failure.Contains("same labelset", StringComparison.Ordinal))
        {
            return "series that lose their names may follow one another in time (Prometheus 3.9 merges them, engine.go mergeSeriesWithSameLabelset)";
        }

        if (ours.Failure is null && theirs.Failure is { } syntax && IsSyntaxOfVersion3(syntax))
        {
            return "durations and numbers stand for one another since Prometheus 3.0";
        }

        if (ours.Failure is null && theirs.Failure?.Contains("unexpected <op:+> in offset", StringComparison.Ordinal) == true)
        {
            return "an offset may have a plus sign since Prometheus 3 (generated_parser.y, offset_duration_expr)";
        }

        if (ours.Failure is null && theirs.Failure is { } name && IsNameOfVersion3(name))
        {
            return "any UTF-8 text is a label's name since Prometheus 3.0";
        }

        if (theirs.Failure is null && ours.Failure?.Contains(ExpressionCodes.ManyToMany, StringComparison.Ordinal) == true && question.Text.AsSpan().ContainsAny('<', '>', '='))
        {
            return "since Prometheus 3 a comparison looks for several matches before it leaves any out";
        }

        return ours.Failure is null && theirs.Failure is null ? OfValues(question, ours, theirs) : null;
    }

    private string? OfValues(Question question, Answer ours, Answer theirs)
    {
        bool Names(string part) => question.Text.Contains(part, StringComparison.Ordinal);
        bool AreSame(Func<double, double> value) => Comparison.Difference(ours.With(value), theirs.With(value)) is null;
        if (Names("atan2") && ours.Nameless() is { } nameless && theirs.Nameless() is { } named && Comparison.Difference(nameless, named) is null)
        {
            return "atan2 drops the metric's name since Prometheus 3 (engine.go, shouldDropMetricName)";
        }

        if (Names("avg") && AreSame(value => Math.Abs(value) < SmallestMean ? 0 : value))
        {
            return "a mean that is zero was the rounding error of its terms while means were formed step by step; Prometheus 3 divides the sum (functions.go, funcAvgOverTime)";
        }

        if ((Names("predict_linear") || Names("deriv")) && AreSame(value => double.IsInfinity(value) ? double.NaN : value))
        {
            return "a compensated sum that became infinite was not a number before Prometheus 3 (kahansum.go, Inc)";
        }

        return Comparison.Difference(ours, question.WithLastBitsMoved().Answered(_snapshot)) is not null
            ? "last bits: the libraries of Go and of C round functions such as atan2 in their own ways, and the expression makes much of it"
            : _moved.Exists(moved => Comparison.Difference(ours, question.Answered(moved)) is not null)
            ? "rounding: the same expression of values that differ by a ten-trillionth gives another answer as well"
            : null;
    }

    private static bool MayOverlap(Question question) => question.IsRange || ExpressionText.Parse(question.Text).Root?.ToString().Contains(':', StringComparison.Ordinal) == true;

    private static bool IsNameOfVersion3(string failure) =>
        failure.Contains("label name in label_", StringComparison.Ordinal) || failure.Contains("invalid label name", StringComparison.Ordinal)
        || (failure.Contains("unexpected string", StringComparison.Ordinal) && failure.Contains("in grouping opts", StringComparison.Ordinal));

    private static bool IsSyntaxOfVersion3(string failure) =>
        failure.Contains("unexpected duration", StringComparison.Ordinal) || failure.Contains("unexpected number", StringComparison.Ordinal) || failure.Contains("bad duration syntax", StringComparison.Ordinal)
        || failure.Contains("missing unit character in duration", StringComparison.Ordinal);

    /// <summary>Every series times a factor of its own close to one, so that what is constant or rises still does.</summary>
    private static IEnumerable<LabelledSample> Moved(IReadOnlyList<LabelledSample> samples, Random random)
    {
        var factors = samples.Select(sample => sample.Labels).Distinct().Order().ToDictionary(labels => labels, _ => 1 + ((random.NextDouble() - 0.5) * 2e-13));
        return samples.Select(sample => sample.Sample.IsStale ? sample : sample with { Sample = sample.Sample with { Value = sample.Sample.Value * factors[sample.Labels] } });
    }
}
