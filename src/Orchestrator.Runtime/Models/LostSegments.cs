using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Runtime.Models;

/// <summary>Segments, declared or not, that hold more than their part of the rows which the champion gets right and the challenger does not.</summary>
internal static class LostSegments
{
    public static ImmutableArray<SegmentCandidate> Find(Examples examples, ScoredModel before, ScoredModel after)
    {
        var parts = Enumerable.Range(0, examples.Rows.Count).Select(row => PartsOf(examples, row)).ToArray();
        var dimensions = parts.SelectMany(row => row).Distinct().GroupBy(part => part.Dimension).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Where(group => group.Count() <= SliceDimension.MostParts).Select(group => Dimension(group.Key, [.. group.Select(part => part.Predicate).Order(StringComparer.Ordinal)], parts));
        return SegmentSearch.Find(new([.. dimensions], [.. Enumerable.Range(0, examples.Rows.Count).Select(row => before.IsBetter(after, row))]), SegmentSearchOptions.Default);
    }

    public static int[] Members(Examples examples, string predicate)
    {
        var conditions = SegmentPredicate.Parts(predicate);
        return [.. Enumerable.Range(0, examples.Rows.Count).Where(row => conditions.All(condition => examples.Segments[row].Contains(condition) || examples.Slices[row].Contains(condition)))];
    }

    private static SliceDimension Dimension(string name, ImmutableArray<string> predicates, (string Dimension, string Predicate)[][] parts)
    {
        var codes = predicates.Select((predicate, i) => (predicate, Code: (byte)(i + 1))).ToDictionary(pair => pair.predicate, pair => pair.Code, StringComparer.Ordinal);
        return new(predicates, [.. parts.Select(row => row.Where(part => part.Dimension == name).Select(part => codes[part.Predicate]).FirstOrDefault())]);
    }

    private static (string Dimension, string Predicate)[] PartsOf(Examples examples, int row) =>
        [.. examples.Segments[row].Concat(examples.Slices[row]).Select(predicate => (predicate[..predicate.IndexOf(" = '", StringComparison.Ordinal)], predicate))];
}
