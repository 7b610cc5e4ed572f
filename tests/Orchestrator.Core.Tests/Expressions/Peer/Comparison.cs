using Orchestrator.Core.Expressions.Evaluation;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>Whether two answers are the same: labels, instants, failures, and values to 1e-9 of their size.</summary>
internal static class Comparison
{
    private const double Tolerance = 1e-9;

    /// <summary>None, or what differs.</summary>
    public static string? Difference(Answer ours, Answer theirs)
    {
        if (ours.Failure is not null || theirs.Failure is not null)
        {
            return ours.Failure is null ? "only Prometheus fails" : theirs.Failure is null ? "only ours fails" : null;
        }

        if (ours.Series.Length != theirs.Series.Length)
        {
            return $"{ours.Series.Length} series instead of {theirs.Series.Length}";
        }

        var expected = theirs.Series.ToDictionary(one => one.Labels);
        foreach (var one in ours.Series)
        {
            if (!expected.TryGetValue(one.Labels, out var other))
            {
                return $"Prometheus has no {one.Labels}";
            }

            if (!SamePoints(one, other))
            {
                return $"other values of {one.Labels}";
            }
        }

        return null;
    }

    /// <summary>Whether the values come in the same order.</summary>
    public static bool SameOrder(Answer ours, Answer theirs) =>
        ours.Series.Zip(theirs.Series).All(pair => IsClose(pair.First.Points[0].Value, pair.Second.Points[0].Value));

    private static bool SamePoints(AnsweredSeries ours, AnsweredSeries theirs) =>
        ours.Points.Length == theirs.Points.Length && ours.Points.Zip(theirs.Points).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(MatrixPoint ours, MatrixPoint theirs) => ours.Time == theirs.Time && IsClose(ours.Value, theirs.Value);

    private static bool IsClose(double a, double b) => a.Equals(b) || a == b || Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(a), Math.Abs(b));
}
