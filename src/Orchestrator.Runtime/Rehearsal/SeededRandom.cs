namespace Orchestrator.Runtime.Rehearsal;

/// <summary>SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): the same numbers for a seed on every platform.</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in <c>[0, bound)</c> without bias: Lemire's multiplication with rejection.</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var limit = (ulong)bound;
        var threshold = unchecked(0UL - limit) % limit;
        while (true)
        {
            var high = Math.BigMul(Next(), limit, out var low);
            if (low >= threshold)
            {
                return (int)high;
            }
        }
    }

    /// <summary>The items in a random order (Fisher–Yates).</summary>
    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        var order = items.ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
