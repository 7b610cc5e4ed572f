using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>How small a segment may be and how many false ones are accepted among those found.</summary>
public sealed record SegmentSearchOptions(int MinimumRows = 30, double FalseDiscoveryRate = 0.05);

/// <summary>Finds the given segments that hold more bad rows than the rest, one level deep.</summary>
public static class SegmentSearch
{
    /// <summary>Worst first: by bad rows in excess, then by p, then by predicate.</summary>
    public static ImmutableArray<SegmentCandidate> Find(IEnumerable<SegmentCounts> values, long rows, long bad, SegmentSearchOptions options)
    {
        var tested = values.Where(value => value.Rows >= options.MinimumRows && rows - value.Rows >= options.MinimumRows).ToArray();
        var pValues = tested.Select(value => FisherExact.TwoSided(value.Bad, value.Rows - value.Bad, bad - value.Bad, rows - value.Rows - (bad - value.Bad))).ToArray();
        var qValues = FalseDiscoveryRate.Adjust(pValues);
        return [.. tested
            .Select((value, i) => Candidate(value, (rows, bad), (pValues[i], qValues[i])))
            .Where(candidate => candidate.Effect > 0 && candidate.QValue <= options.FalseDiscoveryRate)
            .OrderByDescending(candidate => candidate.ExcessBad)
            .ThenBy(candidate => candidate.PValue)
            .ThenBy(candidate => candidate.Predicate, StringComparer.Ordinal)];
    }

    private static SegmentCandidate Candidate(SegmentCounts value, (long Rows, long Bad) whole, (double P, double Q) significance)
    {
        var outside = (double)(whole.Bad - value.Bad) / (whole.Rows - value.Rows);
        var effect = ((double)value.Bad / value.Rows) - outside;
        return new(value.Predicate, value.Rows, value.Bad, effect, effect * value.Rows, significance.P, significance.Q);
    }
}
