using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class AgreementTests
{
    /// <summary>The worked example of Fleiss (1971) in its best known form: 10 subjects, 14 raters, 5 categories; P = 0.378, P_e = 0.213, kappa = 0.210.</summary>
    private const string Fleiss = "0 0 0 0 14;0 2 6 4 2;0 0 3 5 6;0 3 9 2 0;2 2 8 1 1;7 7 0 0 0;3 2 6 3 0;2 5 3 2 2;6 5 2 1 0;0 2 2 3 7";

    [Fact]
    public void Many_people_agree_as_Fleiss_measures_it()
    {
        var rows = Fleiss.Split(';').Select((line, row) => line.Split(' ')
            .SelectMany((count, answer) => Enumerable.Range(0, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)).Select(i => ($"p{row}-{answer}-{i}", $"{answer}"))).ToList());

        var agreement = Agreement.Of(rows, 14);

        Assert.Equal((10, "fleiss"), (agreement.Rows, agreement.Method));
        Assert.Equal(0.378, agreement.Share!.Value, 0.0005);
        Assert.Equal(0.210, agreement.Kappa!.Value, 0.0005);
    }

    /// <summary>20 rows both say yes, 15 both no, 5 only the first yes, 10 only the second: p_o = 0.7, p_e = 0.5 · 0.6 + 0.5 · 0.4 = 0.5, kappa = 0.4.</summary>
    [Fact]
    public void Two_people_agree_as_Cohen_measures_it()
    {
        var rows = Pairs(20, "yes", "yes").Concat(Pairs(5, "yes", "no")).Concat(Pairs(10, "no", "yes")).Concat(Pairs(15, "no", "no"));

        var agreement = Agreement.Of(rows, 2);

        Assert.Equal((50, "cohen"), (agreement.Rows, agreement.Method));
        Assert.Equal(0.7, agreement.Share!.Value, 1e-12);
        Assert.Equal(0.4, agreement.Kappa!.Value, 1e-12);
    }

    [Fact]
    public void Rows_with_too_few_answers_and_answers_beyond_those_asked_for_do_not_count()
    {
        var rows = Pairs(1, "a", "b").Concat([[("ann", "a")], [("ann", "a"), ("bob", "a"), ("eve", "b")]]);

        Assert.Equal((2, 0.5), (Agreement.Of(rows, 2).Rows, Agreement.Of(rows, 2).Share));
    }

    [Fact]
    public void Where_only_one_answer_occurs_chance_explains_everything_and_there_is_no_kappa()
    {
        Assert.Equal(new Agreement(3, 1, null, "cohen"), Agreement.Of(Pairs(3, "a", "a"), 2));
        Assert.Equal(new Agreement(0, null, null, "fleiss"), Agreement.Of([], 3));
    }

    private static IEnumerable<IReadOnlyList<(string, string)>> Pairs(int rows, string first, string second) =>
        Enumerable.Range(0, rows).Select(_ => (IReadOnlyList<(string, string)>)[("ann", first), ("bob", second)]);
}
