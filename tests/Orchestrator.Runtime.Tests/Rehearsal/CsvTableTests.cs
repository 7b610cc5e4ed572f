using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

public sealed class CsvTableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Quotes_hold_commas_line_breaks_and_quotes()
    {
        var table = Read("id,text\r\n1,\"a, \"\"b\"\"\r\nand c\"\r\n2,\n\n3,plain");

        Assert.Equal(["id", "text"], table.Columns);
        Assert.Equal(["a, \"b\"\r\nand c", "", "plain"], table.Column("text"));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var table = new CsvTable(["id", "text"], [["1", "a \"quoted\", b"], ["2", "two\nlines"], ["3", ""]]);
        table.Write(_folder["again.csv"]);

        var again = CsvTable.Read(_folder["again.csv"]);

        Assert.Equal(table.Columns, again.Columns);
        Assert.Equal(table.Rows.SelectMany(row => row), again.Rows.SelectMany(row => row));
    }

    [Fact]
    public void A_record_that_does_not_fit_its_head_is_told_with_its_place()
    {
        var error = Assert.Throws<StoryException>(() => Read("id,text\n1,a\n2,b,c\n"));

        Assert.EndsWith("odd.csv: record 3 has 3 values; allowed: 2, as many as the head", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_not_there_is_told_with_those_that_are() =>
        Assert.Equal("there is no column \"label\"; there are id, text", Assert.Throws<StoryException>(() => Read("id,text\n1,a\n").Column("label")).Message);

    public void Dispose() => _folder.Dispose();

    private CsvTable Read(string text)
    {
        File.WriteAllText(_folder["odd.csv"], text);
        return CsvTable.Read(_folder["odd.csv"]);
    }
}
