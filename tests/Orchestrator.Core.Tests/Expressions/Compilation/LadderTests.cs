using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Compilation;

namespace Orchestrator.Core.Tests.Expressions.Compilation;

public sealed class LadderTests
{
    private const double Infinity = double.PositiveInfinity;

    // What IEEE 754 says of each comparison; all of them share one ladder.
    private static readonly (BinaryOp Op, double Number, double Value, bool Holds)[] Cases =
    [
        (BinaryOp.Greater, 1, 1, false),
        (BinaryOp.Greater, 1, 1.0000000000000002, true),
        (BinaryOp.GreaterOrEqual, 1, 1, true),
        (BinaryOp.GreaterOrEqual, 1, 0.9999999999999999, false),
        (BinaryOp.Less, 3, 3, false),
        (BinaryOp.Less, 3, 2.9999999999999996, true),
        (BinaryOp.LessOrEqual, 3, 3, true),
        (BinaryOp.LessOrEqual, 3, 3.0000000000000004, false),
        (BinaryOp.Equal, 2, 2, true),
        (BinaryOp.Equal, 2, 2.0000000000000004, false),
        (BinaryOp.Equal, 0, -0.0, true),
        (BinaryOp.Greater, 0, -0.0, false),
        (BinaryOp.Greater, -0.0, double.Epsilon, true),
        (BinaryOp.GreaterOrEqual, -0.0, 0, true),
        (BinaryOp.Greater, double.MaxValue, Infinity, true),
        (BinaryOp.Greater, Infinity, Infinity, false),
        (BinaryOp.GreaterOrEqual, Infinity, Infinity, true),
        (BinaryOp.GreaterOrEqual, Infinity, double.MaxValue, false),
        (BinaryOp.Less, Infinity, Infinity, false),
        (BinaryOp.Less, Infinity, 5, true),
        (BinaryOp.LessOrEqual, Infinity, Infinity, true),
        (BinaryOp.Equal, Infinity, Infinity, true),
        (BinaryOp.Equal, Infinity, double.MaxValue, false),
        (BinaryOp.Less, -Infinity, -Infinity, false),
        (BinaryOp.LessOrEqual, -Infinity, -Infinity, true),
        (BinaryOp.Greater, -Infinity, -Infinity, false),
        (BinaryOp.Greater, -Infinity, double.MinValue, true),
        (BinaryOp.GreaterOrEqual, -Infinity, -Infinity, true),
        (BinaryOp.GreaterOrEqual, 1, double.NaN, false),
        (BinaryOp.Less, 3, double.NaN, false),
        (BinaryOp.Equal, 2, double.NaN, false),
        (BinaryOp.Greater, double.NaN, 5, false),
        (BinaryOp.LessOrEqual, double.NaN, double.NaN, false),
    ];

    [Fact]
    public void A_comparison_holds_for_the_codes_of_the_values_for_which_it_holds()
    {
        var ladder = new Ladder(Cases.Select(one => (one.Op, one.Number)));
        foreach (var (op, number, value, holds) in Cases)
        {
            Assert.True(ladder.Range(op, number).Has(ladder.CodeOf(value)) == holds, $"{value:R} {op} {number:R}");
        }
    }

    [Fact]
    public void Codes_count_the_borders_that_are_not_above_a_value()
    {
        // >= 1 turns at 1, > 1 at the next number, == 2 at 2 and at the next number
        var ladder = new Ladder([(BinaryOp.Greater, 1), (BinaryOp.GreaterOrEqual, 1), (BinaryOp.Equal, 2), (BinaryOp.GreaterOrEqual, 1)]);
        Assert.Equal([1, 2, 3, 4, 4, 5, 6, 6], new[] { double.NaN, 0.5, 1, 1.0000000000000002, 1.5, 2, 2.5, Infinity }.Select(value => (int)ladder.CodeOf(value)));
        Assert.Equal(6, ladder.Top);
    }

    [Fact]
    public void A_code_spans_the_values_up_to_the_next_border()
    {
        var ladder = new Ladder([(BinaryOp.GreaterOrEqual, 1), (BinaryOp.Less, 3)]);
        Assert.Equal((double.NegativeInfinity, 1), ladder.Span(2));
        Assert.Equal((1, 3), ladder.Span(3));
        Assert.Equal((3, Infinity), ladder.Span(4));
        Assert.Equal((Infinity, double.NegativeInfinity), ladder.Span(Ladder.NotANumber)); // no value is inside
    }
}
