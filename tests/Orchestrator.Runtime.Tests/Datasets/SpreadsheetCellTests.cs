using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;

namespace Orchestrator.Runtime.Tests.Datasets;

public sealed class SpreadsheetCellTests
{
    public static TheoryData<string, string> Cells => new()
    {
        { "=1+1", "'=1+1" },
        { "=HYPERLINK(\"https://example.org\")", "'=HYPERLINK(\"https://example.org\")" },
        { "+cmd", "'+cmd" },
        { "-2+3", "'-2+3" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\tx", "'\tx" },
        { "\rx", "'\rx" },
        { "\n=x", "'\n=x" },
        { "\uFF1D1", "'\uFF1D1" },
        { "'=x", "''=x" },
        { "-", "'-" },
        { "+", "'+" },
        { "-5", "-5" },
        { "+5", "+5" },
        { "-1.5e-3", "-1.5e-3" },
        { "-.5", "-.5" },
        { "-5\n", "'-5\n" },
        { "it's", "it's" },
        { "'quoted'", "'quoted'" },
        { "a=b", "a=b" },
        { "", "" },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void What_would_be_a_formula_becomes_a_text_and_numbers_stay_numbers(string text, string expected)
    {
        Assert.Equal(expected, SpreadsheetCell.Neutral(text));
        Assert.Equal(text, SpreadsheetCell.Restored(expected));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Columns_of_a_database_are_treated_as_single_texts_are(string text, string expected)
    {
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        Assert.Equal([expected], connection.Query($"select {SpreadsheetCell.NeutralColumn("c")} from (select {Sql.Text(text)} as c)", reader => reader.GetString(0)));
    }

    [Fact]
    public void Every_text_comes_back_as_it_went_and_begins_with_no_formula()
    {
        const int seed = 7;
        const string letters = "'=+-@\t\r\n19.eE\uFF1Da";
        var random = new Random(seed);
        for (var round = 0; round < 100_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(7)).Select(_ => letters[random.Next(letters.Length)])]);
            var written = SpreadsheetCell.Neutral(text);
            Assert.True(text == SpreadsheetCell.Restored(written), $"seed {seed}: {text}");
            var isSafe = written.Length == 0 || !"=+-@\t\r\n\uFF1D".Contains(written[0], StringComparison.Ordinal) || double.TryParse(written, System.Globalization.CultureInfo.InvariantCulture, out _);
            Assert.True(isSafe, $"seed {seed}: {written}");
        }
    }

    [Fact]
    public void A_dataset_goes_out_with_formulas_made_texts_and_numbers_as_they_are()
    {
        using var folder = new TempFolder();
        using var connection = Analytics.Open(new AnalyticsOptions(Threads: 1));
        connection.Run($"copy (select * from (values ('=1+1', -5, '-5'), ('a', 7, '+cmd|x'), ('b', null, '''=y')) as t(id, n, \"=head\")) to {Sql.Text(folder["rows.parquet"])} (format parquet)");
        ExportedTable.WriteVersion(folder["rows.parquet"], folder["rows.csv"]);
        Assert.Equal(["id,n,'=head", "'=1+1,-5,-5", "a,7,'+cmd|x", "b,,''=y"], File.ReadAllLines(folder["rows.csv"]));
    }
}
