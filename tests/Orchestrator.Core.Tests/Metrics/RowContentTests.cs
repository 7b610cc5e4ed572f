using Orchestrator.Core.Metrics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class RowContentTests
{
    /// <summary>The expected hash is that of sha256sum over the canonical bytes, written out by hand: 00000005 digit 00000001 3 00000002 id 00000003 a-1 00000003 ink ffffffff.</summary>
    [Fact]
    public void The_hash_is_that_of_the_documented_bytes_whatever_the_order_of_the_columns()
    {
        var hash = RowContent.Hash([new("id", "a-1"), new("ink", null), new("digit", "3")]);

        Assert.Equal("4c36e5d2c782c0bece763a8ee692b02cb1c0dbd02ce272c9c03f8ef92097f886", hash);
        Assert.Equal(hash, RowContent.Hash([new("digit", "3"), new("ink", null), new("id", "a-1")]));
    }

    [Fact]
    public void A_missing_value_differs_from_an_empty_one_and_no_cell_bleeds_into_the_next()
    {
        Assert.NotEqual(RowContent.Hash([new("a", null)]), RowContent.Hash([new("a", "")]));
        Assert.NotEqual(RowContent.Hash([new("a", "xb"), new("b", "y")]), RowContent.Hash([new("a", "x"), new("b", "by")]));
    }

    [Fact]
    public void The_same_number_is_the_same_text_in_every_type()
    {
        Assert.All([RowContent.Text(5), RowContent.Text(5L), RowContent.Text(5.0), RowContent.Text(5f), RowContent.Text(5.00m)], text => Assert.Equal("5", text));
        Assert.Equal("0.1", RowContent.Text(0.1));
        Assert.Equal("-0.5", RowContent.Text(-0.5m));
        Assert.Equal("true", RowContent.Text(true));
        Assert.Equal("2026-01-05T06:00:00.000000Z", RowContent.Text(new DateTimeOffset(2026, 1, 5, 7, 0, 0, TimeSpan.FromHours(1))));
        Assert.Equal("2026-01-05", RowContent.Text(new DateOnly(2026, 1, 5)));
        Assert.Equal("[0.5, 2, null, [a]]", RowContent.Text(new List<object?> { 0.5f, 2.0, null, new List<string> { "a" } }));
        Assert.Null(RowContent.Text(DBNull.Value));
    }
}
