using System.Collections.Immutable;

namespace Orchestrator.Runtime.Pictures;

/// <summary>Letters as strokes, so that pictures need no font of the machine.</summary>
/// <remarks>
/// A point is a digit for x (0 to 8) and a letter for y (<c>E</c> on the line, <c>M</c> as high as small letters, <c>Q</c> as capitals, <c>A</c> at the descenders); points in a row are a
/// stroke, <c>~</c> before it rounds its corners, <c>@</c> closes it as well.
/// </remarks>
internal static class StrokeFont
{
    private const int CapHeight = 12;
    private const int Roundings = 3;
    private const string Unknown = "0E8E8Q0Q0E";

    private static readonly Dictionary<char, string> Strokes = new()
    {
        [' '] = "", ['A'] = "0E4Q8E 1I7I", ['B'] = "0E0Q ~0Q5Q7P7L5K0K ~0K5K8J8F5E0E", ['C'] = "~8N6Q2Q0N0H2E6E8H", ['D'] = "0E0Q ~0Q4Q8N8H4E0E", ['E'] = "8E0E0Q8Q 0K6K",
        ['F'] = "0E0Q8Q 0K6K", ['G'] = "~8N6Q2Q0N0H2E6E8G8J 8J5J", ['H'] = "0E0Q 8E8Q 0K8K", ['I'] = "4E4Q 2E6E 2Q6Q", ['J'] = "6Q6I ~6I6E0E0I", ['K'] = "0E0Q 8Q0J 3L8E",
        ['L'] = "0Q0E8E", ['M'] = "0E0Q4I8Q8E", ['N'] = "0E0Q8E8Q", ['O'] = "@0K0N2Q6Q8N8K8H6E2E0H", ['P'] = "0E0Q ~0Q5Q8P8L5K0K", ['Q'] = "@0K0N2Q6Q8N8K8H6E2E0H 5H8D",
        ['R'] = "0E0Q ~0Q5Q8P8L5K0K 4K8E", ['S'] = "~8O6Q2Q0O0L4K8J8G6E2E0G", ['T'] = "4E4Q 0Q8Q", ['U'] = "0Q0I ~0I0E8E8I 8I8Q", ['V'] = "0Q4E8Q", ['W'] = "0Q2E4M6E8Q",
        ['X'] = "0E8Q 0Q8E", ['Y'] = "0Q4K8Q 4K4E", ['Z'] = "0Q8Q0E8E",
        ['a'] = "@7I6M2M0I2E6E 7M7E", ['b'] = "0Q0E @0I1M5M7I5E1E", ['c'] = "~7K6M2M0J0H2E6E7G", ['d'] = "7Q7E @7I6M2M0I2E6E", ['e'] = "0I7I ~7I7M0M0I0E4E6F",
        ['f'] = "~6Q3Q3N 3N3E 1M6M", ['g'] = "@7I6M2M0I2E6E 7M7D ~7D7A2A1B", ['h'] = "0Q0E ~0I0M7M7I 7I7E", ['i'] = "3M3E 3P3Q", ['j'] = "4M4C ~4C4A1A 4P4Q",
        ['k'] = "0Q0E 6M0H 2I7E", ['l'] = "3Q3E", ['m'] = "0M0E ~0J0M4M4J 4J4E ~4J4M8M8J 8J8E", ['n'] = "0M0E ~0I0M7M7I 7I7E", ['o'] = "@0I0K2M5M7K7I7G5E2E0G",
        ['p'] = "0M0A @0I1M5M7I5E1E", ['q'] = "7M7A @7I6M2M0I2E6E", ['r'] = "0M0E ~0I0M5M", ['s'] = "~7L5M2M0L1J6I7G5E2E0F", ['t'] = "3P3G ~3G3E6E 1M6M",
        ['u'] = "0M0H ~0H0E7E7H 7M7E", ['v'] = "0M3E6M", ['w'] = "0M2E4K6E8M", ['x'] = "0M7E 0E7M", ['y'] = "0M3E 6M2A", ['z'] = "0M7M0E7E",
        ['0'] = "@0K1P4Q7P8K7F4E1F", ['1'] = "1N4Q4E 1E7E", ['2'] = "~0N1Q7Q8M4I 4I0E8E", ['3'] = "~0O2Q7Q7L3K ~3K8K8E2E0G", ['4'] = "6E6Q0I8I", ['5'] = "7Q1Q0L ~0L5M8K8G5E2E0G",
        ['6'] = "~7P4Q0O0I @0I2L6L8I6E2E", ['7'] = "0Q8Q3E", ['8'] = "@4K1L1P4Q7P7L @4K0J0F4E8F8J", ['9'] = "@8M6J2J0M2Q6Q ~8M8G4E1F",
        ['.'] = "3E3F", [','] = "3F2C", [':'] = "3E3F 3K3L", [';'] = "3F2C 3K3L", ['-'] = "1J7J", ['+'] = "1J7J 4F4N", ['='] = "1H7H 1L7L", ['<'] = "7N1J7F", ['>'] = "1N7J1F",
        ['/'] = "0D8R", ['\\'] = "0R8D", ['('] = "~5R2N2G5C", [')'] = "~2R5N5G2C", ['['] = "5R2R2C5C", [']'] = "2R5R5C2C", ['{'] = "~5R3R3L1K ~1K3J3C5C", ['}'] = "~2R4R4L6K ~6K4J4C2C",
        ['_'] = "0D8D", ['"'] = "2Q2N 5Q5N", ['\''] = "3Q3N", ['%'] = "0E8Q @0O1Q3Q4O3M1M @4G5I7I8G7E5E", ['*'] = "4Q4K 1P7L 7P1L", ['|'] = "4R4C", ['!'] = "4Q4I 4E4F",
        ['?'] = "~0O2Q7Q7M4K4I 4E4F", ['#'] = "2E3Q 5E6Q 0I8I 0M8M", ['$'] = "~8O6Q2Q0O0L4K8J8G6E2E0G 4S4C", ['&'] = "~8E2N2Q5Q5N0I0E4E8I", ['@'] = "@6I5K3K2I3G5G ~6I8H8N6Q2Q0N0H2E6E",
        ['~'] = "~0J2L5I8K", ['^'] = "1M4Q7M", ['`'] = "3Q5N", ['·'] = "3J3K", ['…'] = "0E0F 4E4F 8E8F",
    };

    // Narrow letters, in units; all others are as wide as their strokes.
    private static readonly Dictionary<char, int> Narrow = new() { ['i'] = 6, ['l'] = 7, ['.'] = 6, [','] = 6, [':'] = 6, ['\''] = 6, ['j'] = 7, ['f'] = 8, ['t'] = 8, ['('] = 8, [')'] = 8, ['['] = 8, [']'] = 8, [' '] = 7, ['·'] = 6 };

    private static readonly Dictionary<char, (ImmutableArray<ImmutableArray<Spot>> Strokes, double Advance)> Glyphs = Strokes.ToDictionary(pair => pair.Key, pair => Glyph(pair.Value, pair.Key));

    /// <summary>Pixels that a text is wide.</summary>
    public static double Width(string text, double size) => text.Sum(letter => Of(letter).Advance) * Scale(size);

    /// <summary>The strokes of a text that starts at a spot of its line.</summary>
    public static IEnumerable<ImmutableArray<Spot>> Lines(string text, Spot at, double size)
    {
        var x = at.X;
        foreach (var letter in text)
        {
            var (strokes, advance) = Of(letter);
            foreach (var stroke in strokes)
            {
                yield return [.. stroke.Select(spot => new Spot(x + (spot.X * Scale(size)), at.Y - (spot.Y * Scale(size))))];
            }

            x += advance * Scale(size);
        }
    }

    private static double Scale(double size) => size * 0.72 / CapHeight;

    private static (ImmutableArray<ImmutableArray<Spot>> Strokes, double Advance) Of(char letter) => Glyphs.TryGetValue(letter, out var glyph) ? glyph : Glyph(Unknown, letter);

    private static (ImmutableArray<ImmutableArray<Spot>> Strokes, double Advance) Glyph(string text, char letter)
    {
        var strokes = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Stroke).ToImmutableArray();
        var shift = Narrow.ContainsKey(letter) ? 1 : 0;
        var advance = Narrow.TryGetValue(letter, out var narrow) ? narrow : strokes.SelectMany(stroke => stroke).Select(spot => spot.X).DefaultIfEmpty(5).Max() + 3;
        return ([.. strokes.Select(stroke => stroke.Select(spot => spot with { X = spot.X - shift + 0.5 }).ToImmutableArray())], advance);
    }

    private static ImmutableArray<Spot> Stroke(string text)
    {
        var points = text.TrimStart('~', '@').Chunk(2).Select(pair => new Spot(pair[0] - '0', pair[1] - 'E')).ToList();
        var closed = text[0] == '@';
        for (var i = 0; i < (text[0] is '~' or '@' ? Roundings : 0); i++)
        {
            points = Rounded(points, closed);
        }

        return closed ? [.. points, points[0]] : [.. points];
    }

    /// <summary>Cuts every corner at a quarter of its sides (Chaikin 1974); the ends of an open stroke stay.</summary>
    private static List<Spot> Rounded(List<Spot> points, bool closed)
    {
        var rounded = new List<Spot>();
        for (var i = 0; i < points.Count - (closed ? 0 : 1); i++)
        {
            var (from, to) = (points[i], points[(i + 1) % points.Count]);
            rounded.Add(new((0.75 * from.X) + (0.25 * to.X), (0.75 * from.Y) + (0.25 * to.Y)));
            rounded.Add(new((0.25 * from.X) + (0.75 * to.X), (0.25 * from.Y) + (0.75 * to.Y)));
        }

        return closed ? rounded : [points[0], .. rounded, points[^1]];
    }
}
