using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class SegmentSearchTests
{
    private static readonly SegmentSearchOptions Options = SegmentSearchOptions.Default;

    /// <summary>180 bad rows of 900: 126 of the 225 with ink q4, 18 of 225 with each other.</summary>
    [Fact]
    public void The_segment_with_the_bad_rows_is_found_with_its_numbers()
    {
        var rows = Rows(["ink"], [(["q1"], 225, 18), (["q2"], 225, 18), (["q3"], 225, 18), (["q4"], 225, 126)]);

        var found = Assert.Single(SegmentSearch.Find(rows, Options));

        Assert.Equal(("ink = 'q4'", 225, 126), (found.Predicate, found.Rows, found.Bad));
        // Inside 126/225, outside 54/675.
        Assert.Equal(0.56 - 0.08, found.Effect, 1e-12);
        Assert.Equal(0.48 * 225, found.ExcessBad, 1e-9);
        Assert.InRange(found.QValue, 0, 1e-30);
    }

    /// <summary>Half of the self-employed men are bad, and 5 % of all others: that 50 of 200 of the self-employed are bad says nothing more.</summary>
    [Fact]
    public void A_parent_that_its_child_explains_wholly_is_not_reported()
    {
        var rows = Rows(["work", "sex"], [(["self", "male"], 100, 50), (["self", "female"], 100, 5), (["private", "male"], 500, 25), (["private", "female"], 500, 25)]);

        Assert.Equal(["work = 'self' and sex = 'male'"], SegmentSearch.Find(rows, Options).Select(segment => segment.Predicate));
    }

    /// <summary>Both sexes of the self-employed are bad alike: the second condition explains nothing.</summary>
    [Fact]
    public void A_child_that_explains_no_more_than_its_parent_is_not_reported()
    {
        var rows = Rows(["work", "sex"], [(["self", "male"], 150, 60), (["self", "female"], 100, 40), (["private", "male"], 500, 25), (["private", "female"], 500, 25)]);

        Assert.Equal(["work = 'self'"], SegmentSearch.Find(rows, Options).Select(segment => segment.Predicate));
    }

    /// <summary>The husbands are bad only because they are married.</summary>
    [Fact]
    public void What_a_better_explanation_covers_has_no_excess_left()
    {
        var rows = Rows(["status", "relation"], [(["married", "husband"], 400, 120), (["married", "wife"], 200, 60), (["single", "none"], 600, 30), (["single", "child"], 300, 15)]);

        Assert.Equal(["status = 'married'"], SegmentSearch.Find(rows, Options).Select(segment => segment.Predicate));
    }

    [Fact]
    public void Two_faults_are_two_segments_the_larger_excess_first()
    {
        var rows = Rows(
            ["work", "sex"],
            [(["self", "male"], 200, 100), (["self", "female"], 200, 10), (["state", "male"], 200, 10), (["state", "female"], 200, 70), (["private", "male"], 900, 45), (["private", "female"], 900, 45)]);

        Assert.Equal(["work = 'self' and sex = 'male'", "work = 'state' and sex = 'female'"], SegmentSearch.Find(rows, Options).Select(segment => segment.Predicate));
    }

    /// <summary>Only where all three hold are rows bad.</summary>
    [Theory]
    [InlineData(1, "a = '1'")]
    [InlineData(3, "a = '1' and b = '1' and c = '1'")]
    public void The_depth_limits_the_conditions(int depth, string expected)
    {
        string[] bits = ["0", "1"];
        var cells = from a in bits from b in bits from c in bits select (new[] { a, b, c }, a == "1" ? 150 : 300, a + b + c == "111" ? 120 : a == "1" ? 8 : 15);

        Assert.Equal(expected, SegmentSearch.Find(Rows(["a", "b", "c"], [.. cells]), Options with { Depth = depth })[0].Predicate);
    }

    [Fact]
    public void Chance_small_segments_and_what_nearly_all_rows_fulfil_are_not_found()
    {
        Assert.Empty(SegmentSearch.Find(Rows(["a"], [(["chance"], 100, 12), (["other"], 900, 88)]), Options));
        Assert.Empty(SegmentSearch.Find(Rows(["a"], [(["small"], 10, 10), (["other"], 900, 90)]), Options));
        Assert.Empty(SegmentSearch.Find(Rows(["a"], [(["all"], 1000, 300), (["other"], 50, 0)]), Options));
        Assert.Empty(SegmentSearch.Find(Rows(["a"], []), Options));
    }

    [Fact]
    public void The_order_of_the_rows_changes_nothing()
    {
        var rows = Rows(["work", "sex"], [(["self", "male"], 200, 100), (["self", "female"], 200, 10), (["private", "male"], 900, 90), (["private", "female"], 900, 45)]);
        var order = Enumerable.Range(0, rows.Count).OrderBy(row => row * 7919 % rows.Count).ToArray();
        var shuffled = new SliceRows([.. rows.Dimensions.Select(dimension => dimension with { Codes = [.. order.Select(row => dimension.Codes[row])] })], [.. order.Select(row => rows.Bad[row])]);

        Assert.Equal(SegmentSearch.Find(rows, Options), SegmentSearch.Find(shuffled, Options));
    }

    [Fact]
    public void A_predicate_is_read_by_its_conditions_and_becomes_sql_of_their_columns()
    {
        var shape = new RelationShape("t", [], [], null, ["work"], []) { Slices = ["sex"] };

        Assert.Equal(["work = 'rock and roll'", "sex = 'Male'"], SegmentPredicate.Parts("work='rock and roll' and sex = 'Male'"));
        Assert.Equal(
            "coalesce(\"@s0\" = 'work = ''self''', false) and coalesce(\"@d0\" = 'sex = ''Male''', false)",
            SegmentPredicate.Sql(shape, "work = 'self' and sex = 'Male'"));
        Assert.Null(SegmentPredicate.Sql(shape, "work = 'self' and age = 'q1'"));
    }

    private static SliceRows Rows(string[] dimensions, (string[] Parts, int Rows, int Bad)[] cells)
    {
        var parts = dimensions.Select((_, i) => cells.Select(cell => cell.Parts[i]).Distinct().Order(StringComparer.Ordinal).ToImmutableArray()).ToArray();
        var codes = dimensions.Select((_, i) => cells.SelectMany(cell => Enumerable.Repeat((byte)(parts[i].IndexOf(cell.Parts[i]) + 1), cell.Rows)).ToArray());
        return new(
            [.. codes.Select((code, i) => new SliceDimension([.. parts[i].Select(part => $"{dimensions[i]} = '{part}'")], code))],
            [.. cells.SelectMany(cell => Enumerable.Range(0, cell.Rows).Select(row => row < cell.Bad))]);
    }
}
