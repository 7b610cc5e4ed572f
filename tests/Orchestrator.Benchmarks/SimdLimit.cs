using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orchestrator.Benchmarks;

/// <summary>What the machine can do at best: two columns compared with two numbers into bits, the bits compared with those of the last pass; no labels, no validity, one thread.</summary>
internal sealed class SimdLimit<T>
    where T : unmanaged, INumber<T>
{
    private readonly T[][] _columns;
    private readonly (int First, T Above, int Second, T AlsoAbove)[] _rules;
    private readonly ulong[] _before;
    private readonly int _words;
    private readonly int _segments;

    public SimdLimit(RulesWorkload workload)
    {
        _words = (workload.Segments + 63) / 64;
        _segments = workload.Segments;
        _columns = [.. Enumerable.Range(0, workload.Values.Length / _segments).Select(_ => new T[_words * 64])];
        _rules = [.. workload.Conjunctions.Select(rule => (rule.First, T.CreateChecked(rule.Above), rule.Second, T.CreateChecked(rule.AlsoAbove)))];
        _before = new ulong[_rules.Length * _words];
    }

    /// <summary>Takes in the values of the next pass.</summary>
    public void Load(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _columns[i / _segments][i % _segments] = T.CreateChecked(values[i]);
        }
    }

    /// <summary>How many lanes differ from the last pass.</summary>
    public int Pass()
    {
        var differences = 0;
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            differences += Rule(rule);
        }

        return differences;
    }

    private int Rule(int number)
    {
        var (first, above, second, alsoAbove) = _rules[number];
        ref var left = ref MemoryMarshal.GetArrayDataReference(_columns[first]);
        ref var right = ref MemoryMarshal.GetArrayDataReference(_columns[second]);
        var (leftAbove, rightAbove) = (Vector512.Create(above), Vector512.Create(alsoAbove));
        var before = _before.AsSpan(number * _words, _words);
        var differences = 0;
        for (var word = 0; word < before.Length; word++)
        {
            var bits = 0UL;
            for (var i = 0; i < 64; i += Vector512<T>.Count)
            {
                var lane = (nuint)((word * 64) + i);
                var holds = Vector512.GreaterThan(Vector512.LoadUnsafe(ref left, lane), leftAbove) & Vector512.GreaterThan(Vector512.LoadUnsafe(ref right, lane), rightAbove);
                bits |= holds.ExtractMostSignificantBits() << i;
            }

            var differs = bits ^ before[word];
            if (differs != 0)
            {
                differences += BitOperations.PopCount(differs);
                before[word] = bits;
            }
        }

        return differences;
    }
}
