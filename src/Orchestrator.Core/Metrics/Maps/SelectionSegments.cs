using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Metrics.Maps;

/// <summary>Says in the language of segments which rows somebody picked: the search for segments with more bad rows than others, where bad means picked.</summary>
public static class SelectionSegments
{
    /// <summary>Of fewer rows nothing is said: whatever they have in common may be chance.</summary>
    public const int Fewest = 5;

    /// <summary>Segments that are reported at most.</summary>
    public const int Most = 3;

    private static readonly SegmentSearchOptions _options = SegmentSearchOptions.Default with { MinimumRows = Fewest, Depth = 3, AllFeatures = true };

    /// <summary>Predicates that hold for more picked rows than for others; none where too few rows were picked or left. Where there are some, the best single condition is among them: of what says as much the shorter is preferred.</summary>
    /// <param name="rows">Bad are those that were picked.</param>
    public static ImmutableArray<string> Find(SliceRows rows)
    {
        var picked = rows.Bad.Count(one => one);
        var found = picked < Fewest || rows.Count - picked < Fewest ? [] : SegmentSearch.Find(rows, _options).Select(segment => segment.Predicate).ToImmutableArray();
        return found.IsEmpty ? [] : [.. found.Union(Judge(rows, rows.Dimensions.SelectMany(dimension => dimension.Predicates)).Take(1).Select(segment => segment.Predicate), StringComparer.Ordinal)];
    }

    /// <summary>How well each predicate tells the picked rows from the others, the best first; those that it names no dimension of are left out.</summary>
    public static ImmutableArray<DescribedSegment> Judge(SliceRows rows, IEnumerable<string> predicates)
    {
        var picked = rows.Bad.Count(one => one);
        return [.. predicates.Select(predicate => Judge(rows, predicate, picked)).OfType<DescribedSegment>().Where(segment => segment.Picked > 0)
            .OrderByDescending(segment => segment.Agreement).ThenBy(segment => segment.Predicate.Length).ThenBy(segment => segment.Predicate, StringComparer.Ordinal).Take(Most)];
    }

    private static DescribedSegment? Judge(SliceRows rows, string predicate, int picked)
    {
        var conditions = SegmentPredicate.Parts(predicate).Select(part => Condition(rows, part)).ToArray();
        if (Array.Exists(conditions, condition => condition is null))
        {
            return null;
        }

        var members = Slice.Of([.. conditions.Select(condition => condition!.Value)]).Members(rows);
        var hits = members.Count(row => rows.Bad[row]);
        return new(predicate, members.Length, hits, (double)hits / Math.Max(1, members.Length), (double)hits / Math.Max(1, picked));
    }

    private static Condition? Condition(SliceRows rows, string part) => rows.Dimensions
        .Select((dimension, i) => (Dimension: i, Code: dimension.Predicates.IndexOf(part) + 1))
        .Where(found => found.Code > 0).Select(found => (Condition?)new Condition(found.Dimension, (byte)found.Code)).FirstOrDefault();
}
