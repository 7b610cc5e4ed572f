using System.Globalization;
using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.Datasets;

public sealed class TextRoleTests
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets: {rows: {connection: data, path: rows.csv, split: train, roles: {id: id, label: label, text: words}}}
        metrics: [data]
        min_rows: 1
        """;

    [Fact]
    public void Texts_are_judged_by_their_words_and_are_no_categories()
    {
        using var folder = new TempFolder();
        // 30 mails about lunch, 30 about prizes, of which p00 and p01 are called lunch; every text occurs once.
        var lunch = Enumerable.Range(0, 30).Select(i => Row("l", i, $"shall we have lunch at noon table {i}", "lunch"));
        var prize = Enumerable.Range(0, 30).Select(i => Row("p", i, $"you won so claim your prize {i}", i < 2 ? "lunch" : "prize"));
        File.WriteAllText(folder["rows.csv"], string.Concat(lunch.Concat(prize).Prepend("id,words,label\n")));

        var result = Measured.Run(folder.Path, Monitor);

        Assert.Empty(result.Problems);
        Assert.Equal(2, result.Value("data_label_error_rows"));
        Assert.Equal(["p00", "p01"], Assert.Single(result.Datasets).LabelErrors!.Flagged.Select(suspect => suspect.Id).Order(StringComparer.Ordinal));

        static string Row(string kind, int i, string text, string label) => string.Create(CultureInfo.InvariantCulture, $"{kind}{i:00},{text},{label}\n");
    }

    [Fact]
    public void A_text_of_digits_keeps_its_zeros()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.csv"], "id,words,label\n1,007,a\n2,7,b\n3,07,a\n");

        var result = Measured.Run(folder.Path, Monitor);

        Assert.Equal(3, result.Value("data_feature_distinct", ("feature", "words")));
    }

    [Fact]
    public void A_text_column_that_is_missing_is_named_with_the_nearest()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.csv"], "id,word,label\n1,x,a\n2,y,b\n");

        var result = Measured.Run(folder.Path, Monitor);

        Assert.Equal(
            ["test.monitor.yaml:3:103: DATA006 rows: column \"words\" is missing, the role \"text\" names it; there are id, word, label; did you mean word?"],
            result.Problems.Select(problem => problem.Diagnostic.ToString()).Where(problem => problem.Contains("DATA006", StringComparison.Ordinal)));
    }
}
