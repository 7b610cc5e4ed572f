using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Finds the segments that hold more bad rows than the segments found before explain.</summary>
/// <remarks>
/// Round by round the slice with the strongest excess over the expected bad rows is settled on the conditions that explain it, and becomes part of what is
/// expected: what overlaps with a better explanation has no excess left.
/// </remarks>
public static class SegmentSearch
{
    /// <summary>Segments that one search reports at most.</summary>
    public const int MostFound = 10;

    private const int MostRounds = 12;

    /// <summary>Dimensions whose pairs are looked at: the strongest, by their best single condition.</summary>
    private const int PairedDimensions = 16;

    /// <summary>95 % of a standard normal variable lies below: less excess than this is no excess.</summary>
    private const double Remarkable = 1.6448536269514722;

    /// <summary>A smaller share of a slice's excess is not worth a wider slice.</summary>
    private const double Considerable = 0.1;

    /// <summary>A condition that a larger share of the rows fulfils is not worth naming.</summary>
    private const double NearlyAll = 0.98;

    /// <summary>Standard deviations: one in 740 by chance, as many conditions are tried.</summary>
    private const double Clearly = 3;

    /// <summary>Worst first: by bad rows in excess of the outside share, then by p, then by predicate.</summary>
    public static ImmutableArray<SegmentCandidate> Find(SliceRows rows, SegmentSearchOptions options) => new Search(rows, options).Run();

    private sealed class Search(SliceRows rows, SegmentSearchOptions options)
    {
        private readonly ExpectedShares _expected = new(rows);
        private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
        private SliceScan _scan = null!;
        private int[] _paired = [];

        public ImmutableArray<SegmentCandidate> Run()
        {
            _scan = new SliceScan(rows, options, _expected);
            _paired = Strongest();
            var tested = Scan();
            var q = FalseDiscoveryRate.Adjust([.. tested.Select(PValue)]);
            var significance = tested.Select((count, i) => (count, i)).ToDictionary(pair => pair.count.Slice.Predicate(rows), pair => q[pair.i], StringComparer.Ordinal);
            var found = new List<SegmentCandidate>();
            for (var round = 0; round < MostRounds && found.Count < MostFound && Strongest(tested) is { } seed; round++)
            {
                var settled = Settled(seed);
                found.Add(Candidate(settled, significance));
                _settled.Add(found[^1].Predicate);
                _settled.Add(seed.Slice.Predicate(rows));
                _expected.Explain(settled.Slice.Members(rows));
                tested = Scan();
            }

            return [.. found.Where(candidate => candidate.Effect > 0 && candidate.QValue <= options.FalseDiscoveryRate).DistinctBy(candidate => candidate.Predicate)
                .OrderByDescending(candidate => candidate.ExcessBad).ThenBy(candidate => candidate.PValue).ThenBy(candidate => candidate.Predicate, StringComparer.Ordinal)];
        }

        private int[] Strongest() =>
            [.. _scan.Children(Slice.Of()).GroupBy(count => count.Slice.Conditions[0].Dimension).OrderByDescending(group => group.Max(count => count.Z)).ThenBy(group => group.Key)
                .Take(PairedDimensions).Select(group => group.Key).Order()];

        private List<SliceCount> Scan() => [.. _scan.Children(Slice.Of()), .. options.Depth > 1 ? _scan.Pairs(_paired) : []];

        /// <summary>The slice with the strongest excess that chance does not explain among so many; null where there is none.</summary>
        private SliceCount? Strongest(List<SliceCount> tested)
        {
            var open = tested.Where(count => count.Excess > 0 && !_settled.Contains(count.Slice.Predicate(rows)));
            var strongest = open.OrderByDescending(count => count.Z).ThenBy(count => count.Slice.Predicate(rows), StringComparer.Ordinal).Cast<SliceCount?>().FirstOrDefault();
            return strongest is { } seed && Tail(seed.Z) * tested.Count <= options.FalseDiscoveryRate ? seed : null;
        }

        /// <summary>Fewer conditions where what they leave out is bad too; one more where all that is bad fulfils it.</summary>
        private SliceCount Settled(SliceCount seed)
        {
            var settled = seed;
            while (Wider(settled) is { } wider)
            {
                settled = wider;
            }

            while (settled.Slice.Depth < options.Depth && Narrower(settled) is { } narrower)
            {
                settled = narrower;
            }

            return settled;
        }

        private SliceCount? Wider(SliceCount child) => child.Slice.Depth == 1 ? null : child.Slice.Conditions
            .Select(condition => _scan.Count(child.Slice.Without(condition)))
            .Where(parent => _scan.IsJudged(parent) && (LeavesBadOut(child, parent) || IsNearly(child, parent)))
            .OrderByDescending(parent => parent.Z).Cast<SliceCount?>().FirstOrDefault();

        private SliceCount? Narrower(SliceCount parent) => _scan.Children(parent.Slice)
            .Where(child => !LeavesBadOut(child, parent) && !IsNearly(child, parent) && LeavesGoodOut(child, parent))
            .OrderByDescending(child => child.Z).ThenBy(child => child.Slice.Predicate(rows), StringComparer.Ordinal).Cast<SliceCount?>().FirstOrDefault();

        private static bool LeavesBadOut(SliceCount child, SliceCount parent) =>
            child.RemainderOf(parent) is var left && left.Z > Remarkable && left.Excess > Considerable * parent.Excess;

        private static bool IsNearly(SliceCount child, SliceCount parent) => child.Rows > NearlyAll * parent.Rows;

        /// <summary>Whether what is left out is clearly less bad than it would be if the parent were bad all over.</summary>
        private static bool LeavesGoodOut(SliceCount child, SliceCount parent)
        {
            var left = child.RemainderOf(parent);
            var share = Math.Clamp((left.Expected / left.Rows) + (parent.Excess / parent.Rows), 0, 1);
            return left.Bad - (left.Rows * share) < -Clearly * Math.Sqrt(left.Rows * share * (1 - share));
        }

        /// <summary>A slice deeper than those that were tested has the q value of its own p among all of them.</summary>
        private SegmentCandidate Candidate(SliceCount count, Dictionary<string, double> significance)
        {
            var (predicate, p) = (count.Slice.Predicate(rows), PValue(count));
            var outside = (double)(AllBad - count.Bad) / (rows.Count - count.Rows);
            var effect = ((double)count.Bad / count.Rows) - outside;
            var q = significance.TryGetValue(predicate, out var adjusted) ? adjusted : Math.Min(1, p * significance.Count);
            return new(predicate, count.Rows, count.Bad, effect, effect * count.Rows, p, q);
        }

        private double PValue(SliceCount count) =>
            FisherExact.TwoSided(count.Bad, count.Rows - count.Bad, AllBad - count.Bad, rows.Count - count.Rows - (AllBad - count.Bad));

        private int AllBad { get; } = rows.Bad.Count(bad => bad);
    }

    /// <summary>An upper bound of the probability of more than so many standard deviations (Gordon 1941).</summary>
    private static double Tail(double z) => z <= 0 ? 1 : Math.Min(1, Math.Exp(-z * z / 2) / (z * Math.Sqrt(2 * Math.PI)));
}
