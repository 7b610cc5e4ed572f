using System.Runtime.CompilerServices;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Codes in a row; those of numbers for which a comparison holds.</summary>
internal readonly record struct CodeRange(ushort Low, ushort High)
{
    /// <summary>There is a sample, be it NaN.</summary>
    public static CodeRange Present { get; } = new(Ladder.NotANumber, Ladder.Highest);

    /// <summary>No code at all.</summary>
    public static CodeRange Never { get; } = new(ushort.MaxValue, ushort.MaxValue);

    public bool Has(ushort code) => (ushort)(code - Low) <= (ushort)(High - Low);
}

/// <summary>The numbers with which one column is compared, in their order: of a value only that counts between which of them it lies.</summary>
/// <remarks>The code of a value is 0 where there is none, 1 for NaN, and otherwise 2 and the number of borders that are not above it.</remarks>
internal sealed class Ladder
{
    public const ushort Absent = 0;
    public const ushort NotANumber = 1;
    public const ushort Lowest = 2;
    public const ushort Highest = ushort.MaxValue - 1;

    /// <summary>Comparisons of one column beyond which codes might not do.</summary>
    public const int MostComparisons = 30_000;

    private readonly double[] _borders; // what is not below one of them is above all before it

    public Ladder(IEnumerable<(BinaryOp Op, double Number)> comparisons)
    {
        _borders = [.. comparisons.Where(comparison => !double.IsNaN(comparison.Number)).SelectMany(Borders).Distinct().Order()];
    }

    /// <summary>The highest code that a number can have.</summary>
    public int Top => Lowest + _borders.Length;

    public ushort CodeOf(double number) => double.IsNaN(number) ? NotANumber : (ushort)(Lowest + NotAbove(number));

    /// <summary>The numbers with a code: not below the first, and below the second; none where that cannot be said of them.</summary>
    public (double Low, double Below) Span(ushort code)
    {
        if (code < Lowest)
        {
            return (double.PositiveInfinity, double.NegativeInfinity);
        }

        var rank = code - Lowest;
        return (rank == 0 ? double.NegativeInfinity : _borders[rank - 1], rank == _borders.Length ? double.PositiveInfinity : _borders[rank]);
    }

    /// <summary>The codes for which a comparison of the ladder holds; of <c>!=</c> those for which it does not.</summary>
    public CodeRange Range(BinaryOp op, double number)
    {
        if (double.IsNaN(number))
        {
            return CodeRange.Never;
        }

        var (reaches, passes) = ((ushort)(Lowest + NotAbove(number)), (ushort)(Lowest + RankAfter(number)));
        return op switch
        {
            BinaryOp.GreaterOrEqual => new(reaches, Highest),
            BinaryOp.Greater => double.IsPositiveInfinity(number) ? CodeRange.Never : new(passes, Highest),
            BinaryOp.Less => new(Lowest, (ushort)(reaches - 1)),
            BinaryOp.LessOrEqual => double.IsPositiveInfinity(number) ? new(Lowest, Highest) : new(Lowest, (ushort)(passes - 1)),
            BinaryOp.Equal or BinaryOp.NotEqual => new(reaches, double.IsPositiveInfinity(number) ? Highest : (ushort)(passes - 1)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static IEnumerable<double> Borders((BinaryOp Op, double Number) comparison) => comparison.Op switch
    {
        BinaryOp.GreaterOrEqual or BinaryOp.Less => [comparison.Number],
        BinaryOp.Greater or BinaryOp.LessOrEqual => After(comparison.Number),
        _ => [comparison.Number, .. After(comparison.Number)],
    };

    /// <summary>The next number; none after infinity.</summary>
    private static double[] After(double number) => double.IsPositiveInfinity(number) ? [] : [double.BitIncrement(number)];

    private int RankAfter(double number) => double.IsPositiveInfinity(number) ? _borders.Length : NotAbove(double.BitIncrement(number));

    /// <summary>How many borders are not above a number; without branches, as which way they would go cannot be foreseen.</summary>
    private int NotAbove(double number)
    {
        var count = _borders.Length;
        if (count == 0 || number < _borders[0])
        {
            return 0;
        }

        var low = 0;
        while (count > 1)
        {
            var half = count >>> 1;
            low += half & -Unsafe.BitCast<bool, byte>(_borders[low + half - 1] <= number);
            count -= half;
        }

        return low + Unsafe.BitCast<bool, byte>(_borders[low] <= number);
    }
}
