using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>How far people agree who were asked about the same rows.</summary>
/// <param name="Rows">Rows that enough people answered.</param>
/// <param name="Share">The share of pairs of answers to the same row that agree; null where no row has two.</param>
/// <param name="Kappa">What of it chance does not explain, 1 at most; null where there is nothing to compare or only one answer ever occurs.</param>
/// <param name="Method"><c>cohen</c> where the same two people answered every row, else <c>fleiss</c>.</param>
public sealed record Agreement(int Rows, double? Share, double? Kappa, string Method)
{
    /// <summary>Rows with fewer answers than <paramref name="people"/> are left out, of further answers the first count.</summary>
    /// <param name="answers">Of each row: who said what, in the order in which it was said.</param>
    public static Agreement Of(IEnumerable<IReadOnlyList<(string Person, string Answer)>> answers, int people)
    {
        var rows = answers.Where(row => row.Count >= people).Select(row => row.Take(people).ToImmutableArray()).ToList();
        var everybody = rows.SelectMany(row => row.Select(answer => answer.Person)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var isPair = people == 2 && everybody.Count == 2;
        if (rows.Count == 0 || people < 2)
        {
            return new(rows.Count, null, null, isPair ? "cohen" : "fleiss");
        }

        var share = rows.Average(row => AgreeingPairs(row, people));
        var chance = isPair ? ByPeople(rows, everybody) : ByAnswers(rows);
        return new(rows.Count, share, chance < 1 ? (share - chance) / (1 - chance) : null, isPair ? "cohen" : "fleiss");
    }

    /// <summary>P_i of Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971), formula 2.</summary>
    private static double AgreeingPairs(ImmutableArray<(string Person, string Answer)> row, int people) =>
        row.CountBy(answer => answer.Answer, StringComparer.Ordinal).Sum(same => same.Value * (same.Value - 1.0)) / (people * (people - 1.0));

    /// <summary>P_e of Fleiss (1971), formula 5: everybody answers as all do together.</summary>
    private static double ByAnswers(List<ImmutableArray<(string Person, string Answer)>> rows)
    {
        double total = rows.Sum(row => row.Length);
        return rows.SelectMany(row => row).CountBy(answer => answer.Answer, StringComparer.Ordinal).Sum(same => same.Value / total * (same.Value / total));
    }

    /// <summary>p_c of Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960): each of the two answers in a way of his own.</summary>
    private static double ByPeople(List<ImmutableArray<(string Person, string Answer)>> rows, List<string> pair)
    {
        var (first, second) = (Shares(pair[0]), Shares(pair[1]));
        return first.Sum(share => share.Value * second.GetValueOrDefault(share.Key));

        Dictionary<string, double> Shares(string person) => rows.SelectMany(row => row).Where(answer => answer.Person == person)
            .CountBy(answer => answer.Answer, StringComparer.Ordinal).ToDictionary(same => same.Key, same => (double)same.Value / rows.Count, StringComparer.Ordinal);
    }
}
