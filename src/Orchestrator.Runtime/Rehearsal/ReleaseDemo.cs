namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The rows of the demo's bad deployment: a model that reads cheques, and the few rows on which somebody trains another one in haste.</summary>
public static class ReleaseDemo
{
    public const int TrainRows = 900;
    public const int Batches = 24;

    /// <summary>Rows of each digit, the faintest, that the hasty model learns from.</summary>
    public const int HastyRowsOfDigit = 3;

    /// <summary>Writes <c>train.csv</c>, <c>hasty.csv</c>, <c>production/</c> and, out of the sight of connections, <c>truth.csv</c>; the same bytes for the same seed.</summary>
    /// <param name="digits">The gzipped file of 65 numbers a row: pixels, then the digit.</param>
    public static async Task WriteAsync(string digits, string folder, ulong seed, CancellationToken cancellation)
    {
        var rows = new SeededRandom(seed).Shuffled(await Digit.ReadAsync(digits, cancellation));
        var (train, production) = (rows[..TrainRows], rows[TrainRows..]);
        var hasty = train.GroupBy(row => row.Truth).SelectMany(same => same.OrderBy(row => row.Ink).ThenBy(row => row.Id, StringComparer.Ordinal).Take(HastyRowsOfDigit)).ToList();
        await DigitTable.SaveLabelledAsync(Path.Combine(folder, "train.csv"), train, cancellation);
        await DigitTable.SaveLabelledAsync(Path.Combine(folder, "hasty.csv"), hasty, cancellation);
        await DigitTable.SaveTruthAsync(Path.Combine(folder, "truth.csv"), production, cancellation);
        for (var batch = 0; batch < Batches; batch++)
        {
            var part = production[(batch * production.Length / Batches)..((batch + 1) * production.Length / Batches)];
            await DigitTable.SaveUnlabelledAsync(Path.Combine(folder, "production", $"batch-{batch + 1:0000}.csv"), part, cancellation);
        }
    }
}
