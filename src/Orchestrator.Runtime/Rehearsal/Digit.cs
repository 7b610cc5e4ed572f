using System.Globalization;
using System.IO.Compression;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>A scanned handwritten digit.</summary>
/// <param name="Shades">8 × 8 pixels of 0 (paper) to 16 (ink), row by row.</param>
internal sealed record Digit(string Id, int[] Shades, int Truth)
{
    public const int Width = 8;
    public const int Pixels = Width * Width;
    public const int Black = 16;

    /// <summary>The sum of the pixels.</summary>
    public int Ink => Shades.Sum();

    /// <summary>Reads a gzipped file of 65 numbers a row: pixels, then the digit.</summary>
    public static async Task<List<Digit>> ReadAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        var rows = new List<Digit>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            var numbers = Array.ConvertAll(line.Split(','), text => (int)double.Parse(text, CultureInfo.InvariantCulture));
            rows.Add(new Digit($"d{rows.Count + 1:0000}", numbers[..Pixels], numbers[Pixels]));
        }

        return rows;
    }
}
