using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Orchestrator.Core.Metrics.Texts;

/// <summary>The terms that occur in enough of some texts, ascending, and in how many; it makes texts into sparse rows of one column a term.</summary>
/// <param name="TermRows">For each term, in how many texts it occurs.</param>
/// <param name="Rows">The texts that it was taken from.</param>
public sealed record Vocabulary(TermOptions Options, ImmutableArray<ulong> Terms, ImmutableArray<int> TermRows, int Rows)
{
    /// <param name="texts">Their order changes nothing; null is a missing one.</param>
    public static Vocabulary Fit(IEnumerable<string?> texts, TermOptions options)
    {
        var rows = 0;
        var counts = new Dictionary<ulong, int>();
        foreach (var text in texts)
        {
            rows++;
            foreach (var term in Texts.Terms.Of(text ?? "", options).Distinct())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _)++;
            }
        }

        var frequent = counts.Where(term => term.Value >= options.LeastRows).OrderByDescending(term => term.Value).ThenBy(term => term.Key);
        var kept = frequent.Take(options.MostTerms).OrderBy(term => term.Key).ToArray();
        return new(options, [.. kept.Select(term => term.Key)], [.. kept.Select(term => term.Value)], rows);
    }

    /// <summary>How often each term occurs in each text.</summary>
    public SparseRows Counts(IEnumerable<string?> texts) => SparseRows.Of(Terms.Length, texts.Select(Count));

    /// <summary>What <see cref="TermWeights"/> makes of counts, by the rows that the vocabulary was taken from.</summary>
    public SparseRows Weighted(SparseRows counts) => TermWeights.Weighted(counts, TermRows, Rows);

    private Dictionary<int, double> Count(string? text)
    {
        var counts = new Dictionary<int, double>();
        foreach (var term in Texts.Terms.Of(text ?? "", Options))
        {
            if (Terms.BinarySearch(term) is >= 0 and var column)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, column, out _)++;
            }
        }

        return counts;
    }
}
