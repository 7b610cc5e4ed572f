using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The demo's rows: real handwritten digits, split into training and production, with wrong training labels as people make them.</summary>
public static class DigitsDemo
{
    public const int TrainRows = 900;
    public const int WrongLabels = 180;

    /// <summary>Wrong labels among the quarter of the training rows with the most ink.</summary>
    public const int WrongInDarkest = 108;

    public const int Batches = 28;

    private const int Pixels = 64;

    /// <summary>What people read a digit as when they misread it.</summary>
    private static readonly int[][] MistakenFor =
    [
        [6, 8, 9], [7, 4, 8], [7, 3, 1], [8, 5, 9], [9, 1, 7], [3, 6, 9], [5, 0, 8], [1, 2, 9], [3, 1, 9], [4, 3, 8],
    ];

    /// <summary>Writes <c>source/</c> (what connections may see) and <c>truth/</c> (what they may not) under a folder; the same bytes for the same seed.</summary>
    /// <param name="digits">The gzipped file of 65 numbers a row: pixels, then the digit.</param>
    public static async Task<DigitsDemoFiles> WriteAsync(string digits, string folder, ulong seed, CancellationToken cancellation)
    {
        var random = new SeededRandom(seed);
        var rows = random.Shuffled(await ReadAsync(digits, cancellation));
        var (train, production) = (rows[..TrainRows], rows[TrainRows..]);
        var given = Mislabel(train, random);
        var files = DigitsDemoFiles.Under(folder);
        await SaveAsync(files.Train, WithLabel(train, given), cancellation);
        await SaveAsync(files.TrainTruth, Truth(train), cancellation);
        await SaveAsync(files.ProductionTruth, Truth(production), cancellation);
        for (var batch = 0; batch < Batches; batch++)
        {
            var part = production[(batch * production.Length / Batches)..((batch + 1) * production.Length / Batches)];
            await SaveAsync(files.Batches[batch], Unlabelled(part), cancellation);
        }

        return files;
    }

    private static async Task<List<Digit>> ReadAsync(string path, CancellationToken cancellation)
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

    private static int[] Mislabel(Digit[] rows, SeededRandom random)
    {
        var byInk = Enumerable.Range(0, rows.Length).OrderByDescending(i => rows[i].Ink).ThenBy(i => rows[i].Id, StringComparer.Ordinal).ToArray();
        var darkest = rows.Length / 4;
        var wrong = random.Shuffled(byInk[..darkest]).Take(WrongInDarkest)
            .Concat(random.Shuffled(byInk[darkest..]).Take(WrongLabels - WrongInDarkest));
        var given = Array.ConvertAll(rows, row => row.Truth);
        foreach (var i in wrong)
        {
            var choices = MistakenFor[rows[i].Truth];
            given[i] = choices[random.Below(choices.Length)];
        }

        return given;
    }

    private static IEnumerable<string> WithLabel(Digit[] rows, int[] given) =>
        rows.Select((row, i) => Invariant($"{row.Text()},{given[i]}")).Prepend($"{Header()},digit");

    private static IEnumerable<string> Unlabelled(Digit[] rows) => rows.Select(row => row.Text()).Prepend(Header());

    private static IEnumerable<string> Truth(Digit[] rows) =>
        rows.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => Invariant($"{row.Id},{row.Truth}")).Prepend("id,digit");

    private static string Header() => $"id,{string.Join(',', Enumerable.Range(0, Pixels).Select(i => Invariant($"px_{i}")))},ink";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static async Task SaveAsync(string path, IEnumerable<string> lines, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = string.Concat(lines.Select(line => line + "\n"));
        await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), cancellation);
    }

    private sealed record Digit(string Id, int[] Shades, int Truth)
    {
        public int Ink { get; } = Shades.Sum();

        public string Text() => Invariant($"{Id},{string.Join(',', Shades)},{Ink}");
    }
}
