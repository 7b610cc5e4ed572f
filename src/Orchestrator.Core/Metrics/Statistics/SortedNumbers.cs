namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>The numbers of a column in ascending order, missing ones (NaN) left out.</summary>
public sealed class SortedNumbers
{
    private readonly double[] _values;
    private readonly int _first;

    private SortedNumbers(double[] values, int first) => (_values, _first) = (values, first);

    public int Count => _values.Length - _first;

    public ReadOnlySpan<double> Values => _values.AsSpan(_first);

    /// <summary>Sorts the column itself: nothing is copied.</summary>
    public static SortedNumbers Of(double[] column)
    {
        // NaN sorts before every number.
        Array.Sort(column);
        var missing = 0;
        while (missing < column.Length && double.IsNaN(column[missing]))
        {
            missing++;
        }

        return new(column, missing);
    }

    /// <summary>Different numbers; zero and minus zero are one.</summary>
    public long Distinct()
    {
        long distinct = 0;
        var values = Values;
        for (var i = 0; i < values.Length; i++)
        {
            distinct += i == 0 || values[i] != values[i - 1] ? 1 : 0;
        }

        return distinct;
    }

    /// <summary>Numbers that are at most this one.</summary>
    public int UpTo(double value)
    {
        var values = Values;
        var (low, high) = (0, values.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = values[middle] <= value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Linear interpolation between the nearest ranks as numpy does it, from the nearer neighbour, to the same bit; there is at least one number.</summary>
    public double Quantile(double share)
    {
        var position = (Count - 1) * share;
        var place = (int)Math.Floor(position);
        var (a, b, t) = (Values[place], Values[Math.Min(place + 1, Count - 1)], position - place);
        return t >= 0.5 ? b - ((b - a) * (1 - t)) : a + ((b - a) * t);
    }
}
