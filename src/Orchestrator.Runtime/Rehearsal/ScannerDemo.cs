namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The rows of the demo's drift: forms that are read well until a new scanner comes, which shifts them and is low in contrast. Trial scans of
/// the new scanner, which nobody has labelled, lie in a pool.</summary>
public static class ScannerDemo
{
    public const int TrainRows = 800;
    public const int PoolRows = 350;
    public const int Batches = 24;

    /// <summary>The first batch that the new scanner made, from 1.</summary>
    public const int FirstChanged = 9;

    private const double Contrast = 0.6;
    private const double Brightness = 3;

    /// <summary>Writes <c>train.csv</c>, <c>pool.csv</c>, <c>production/</c> and, out of the sight of connections, <c>truth.csv</c>; the same bytes for the same seed.</summary>
    /// <param name="digits">The gzipped file of 65 numbers a row: pixels, then the digit.</param>
    public static async Task WriteAsync(string digits, string folder, ulong seed, CancellationToken cancellation)
    {
        var rows = new SeededRandom(seed).Shuffled(await Digit.ReadAsync(digits, cancellation));
        var (train, pool, production) = (rows[..TrainRows], rows[TrainRows..(TrainRows + PoolRows)], rows[(TrainRows + PoolRows)..]);
        await DigitTable.SaveLabelledAsync(Path.Combine(folder, "train.csv"), train, cancellation);
        await DigitTable.SaveUnlabelledAsync(Path.Combine(folder, "pool.csv"), pool.Select(Rescanned), cancellation);
        await DigitTable.SaveTruthAsync(Path.Combine(folder, "truth.csv"), [.. pool, .. production], cancellation);
        for (var batch = 1; batch <= Batches; batch++)
        {
            var part = production[((batch - 1) * production.Length / Batches)..(batch * production.Length / Batches)];
            var scanned = batch < FirstChanged ? part : part.Select(Rescanned);
            await DigitTable.SaveUnlabelledAsync(Path.Combine(folder, "production", $"batch-{batch:0000}.csv"), scanned, cancellation);
        }
    }

    /// <summary>The same digit as the new scanner sees it: one pixel to the right, paper grey, ink pale.</summary>
    private static Digit Rescanned(Digit digit) => digit with
    {
        Shades = [.. Enumerable.Range(0, Digit.Pixels).Select(pixel => pixel % Digit.Width == 0 ? 0 : digit.Shades[pixel - 1]).Select(shade => (int)Math.Round(Brightness + (Contrast * shade)))],
    };
}
