using System.Globalization;
using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Metrics.Texts;

/// <summary>The terms of a text, each as a hash of 64 bits: n-grams of its words and, where asked for, of the characters of its words.</summary>
/// <remarks>A word is a run of at least two letters or digits of any script, in lower case.</remarks>
public static class Terms
{
    private const int ShortestGram = 3;

    public static IEnumerable<ulong> Of(string text, TermOptions options)
    {
        var words = Words(text.ToLowerInvariant());
        for (var at = 0; at < words.Count; at++)
        {
            yield return Fold.Hash(words[at]);
            for (var length = 2; length <= options.WordGrams && at + length <= words.Count; length++)
            {
                yield return Fold.Hash(string.Join(' ', words.GetRange(at, length)));
            }

            foreach (var gram in Grams(words[at], options.CharacterGrams))
            {
                yield return gram;
            }
        }
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && IsOfWord(text[at]))
            {
                continue;
            }

            if (at - start >= 2)
            {
                words.Add(text[start..at]);
            }

            start = at + 1;
        }

        return words;
    }

    /// <summary>Marks belong to words: the vowels of some scripts are marks.</summary>
    private static bool IsOfWord(char character) => char.IsAscii(character)
        ? char.IsAsciiLetterOrDigit(character)
        : char.IsLetterOrDigit(character) || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>A tab before the first and after the last character marks the ends, so no such run equals a word.</summary>
    private static IEnumerable<ulong> Grams(string word, int longest)
    {
        var marked = longest < ShortestGram ? "" : $"\t{word}\t";
        for (var length = ShortestGram; length <= longest; length++)
        {
            for (var at = 0; at + length <= marked.Length; at++)
            {
                yield return Fold.Hash($"\u001f{marked.AsSpan(at, length)}");
            }
        }
    }
}
