using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>One element of a vector on its way through an evaluation.</summary>
/// <param name="DropName">The name is to be dropped at the end.</param>
internal readonly record struct Element(Labels Labels, double Value, int Rows, bool DropName = false)
{
    /// <summary>The smaller of two row counts; 0 stands for an unknown one.</summary>
    public static int Fewer(int left, int right) => left == 0 ? right : right == 0 ? left : Math.Min(left, right);

    public static int Fewest(ReadOnlySpan<int> rows)
    {
        var fewest = 0;
        foreach (var count in rows)
        {
            fewest = Fewer(fewest, count);
        }

        return fewest;
    }
}

/// <summary>The samples of one series in a range, stale markers left out.</summary>
internal sealed record Window(Labels Labels, long[] Times, double[] Values, int Rows, bool DropName = false)
{
    public int Count => Times.Length;
}

/// <summary>The windows of all series of a range: what lies after <paramref name="Start"/> and not after <paramref name="End"/>; series without samples are left out.</summary>
internal sealed record Windows(long Start, long End, IReadOnlyList<Window> Series);

/// <summary>What a part of an expression yields at an instant.</summary>
internal abstract record Value
{
    private Value()
    {
    }

    public sealed record Scalar(double Number, int Rows = 0) : Value;

    public sealed record Text(string Characters) : Value;

    public sealed record Vector(IReadOnlyList<Element> Elements) : Value;

    public sealed record Matrix(Windows Windows) : Value;
}
