using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class TermsTests
{
    private static readonly TermOptions _all = new(LeastRows: 1);

    [Theory]
    [InlineData("The cat, the CAT & a dog.", 3)] // the, cat, dog: "a" is too short
    [InlineData("x-ray 42", 2)] // ray, 42
    [InlineData("Ёлка ёлка Füße", 2)]
    [InlineData("नमस्ते", 1)] // vowels that are marks belong to the word
    [InlineData("", 0)]
    [InlineData("! ?", 0)]
    public void A_word_is_a_run_of_letters_or_digits_in_lower_case(string text, int terms) =>
        Assert.Equal(terms, Vocabulary.Fit([text], _all).Terms.Length);

    [Theory]
    [InlineData(1, 0, 3)] // one two three
    [InlineData(2, 0, 5)] // and: one two, two three
    [InlineData(3, 0, 6)] // and: one two three
    [InlineData(1, 3, 14)] // and: ⊢on one ne⊣ ⊢tw two wo⊣ ⊢th thr hre ree ee⊣
    public void Neighbouring_words_and_runs_of_characters_are_terms_where_asked_for(int words, int characters, int terms) =>
        Assert.Equal(terms, Vocabulary.Fit(["one two three"], _all with { WordGrams = words, CharacterGrams = characters }).Terms.Length);

    [Fact]
    public void A_term_of_too_few_rows_is_forgotten_however_often_it_occurs_there()
    {
        var vocabulary = Vocabulary.Fit(["ham ham ham", "eggs toast", "eggs", null], new TermOptions());

        Assert.Equal(2, Assert.Single(vocabulary.TermRows));
        Assert.Equal(4, vocabulary.Rows);
    }

    [Fact]
    public void Of_too_many_terms_those_of_the_most_rows_are_kept()
    {
        var vocabulary = Vocabulary.Fit(["ham eggs toast", "ham eggs", "ham"], _all with { MostTerms = 2 });

        Assert.Equal([2, 3], vocabulary.TermRows.Order());
    }

    [Fact]
    public void Weights_are_log_counts_by_rarity_and_each_row_has_length_one()
    {
        // Two rows; "ham" in both: idf ln(3/3) + 1 = 1; "eggs" in one: ln(3/2) + 1 = 1.405465108108164. First row: 1 and 1.405465… · (1 + ln 2) = 2.379655…
        var vocabulary = Vocabulary.Fit(["ham eggs eggs", "ham", ""], _all) with { Rows = 2 };

        var weighted = vocabulary.Weighted(vocabulary.Counts(["ham eggs eggs", "ham", "nothing known"]));

        Assert.Equal([0.38741, 0.92191], weighted.Values(0).ToArray().Order().Select(value => Math.Round(value, 5)));
        Assert.Equal([1.0], weighted.Values(1).ToArray());
        Assert.True(weighted.Values(2).IsEmpty);
    }
}
