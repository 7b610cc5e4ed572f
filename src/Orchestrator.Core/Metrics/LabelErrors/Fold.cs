using System.Text;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>The fold of a row, a function of its id alone: adding, dropping or shuffling other rows never moves it.</summary>
public static class Fold
{
    public static int Of(string id, int folds) => (int)(Hash(id) % (ulong)folds);

    /// <summary>FNV-1a (64 bits) over the UTF-8 bytes, then MurmurHash3's finaliser, so that ids that differ in the last digit spread evenly.</summary>
    internal static ulong Hash(ReadOnlySpan<char> id)
    {
        var hash = 14695981039346656037UL;
        Span<byte> octets = stackalloc byte[4];
        foreach (var rune in id.EnumerateRunes())
        {
            foreach (var octet in octets[..rune.EncodeToUtf8(octets)])
            {
                hash = unchecked((hash ^ octet) * 1099511628211UL);
            }
        }

        hash = unchecked((hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL);
        hash = unchecked((hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL);
        return hash ^ (hash >> 33);
    }
}
