using System.Numerics;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Sets of lanes, 64 to a word; bits behind the last lane are zero.</summary>
internal static class Bits
{
    public static int Words(int lanes) => (lanes + 63) >>> 6;

    /// <summary>Lanes with room for whole words.</summary>
    public static int Padded(int lanes) => Words(lanes) << 6;

    public static bool Has(this ulong[] words, int lane) => (words[lane >>> 6] >> lane & 1) != 0;

    public static void Put(this ulong[] words, int lane, bool value)
    {
        var bit = 1UL << lane;
        words[lane >>> 6] = value ? words[lane >>> 6] | bit : words[lane >>> 6] & ~bit;
    }

    public static int Count(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The set lanes in their order.</summary>
    public static Lanes Each(ulong[] words) => new(words);

    /// <summary>Enumerates the set lanes without allocating.</summary>
    public struct Lanes(ulong[] words)
    {
        private int _word = -1;
        private ulong _left;

        public int Current { get; private set; }

        public readonly Lanes GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_left == 0)
            {
                if (++_word >= words.Length)
                {
                    return false;
                }

                _left = words[_word];
            }

            Current = (_word << 6) + BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }
    }
}
