namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The demo's rows: real handwritten digits, split into training and production, with wrong training labels as people make them.</summary>
public static class DigitsDemo
{
    public const int TrainRows = 900;
    public const int WrongLabels = 180;

    /// <summary>Wrong labels among the quarter of the training rows with the most ink.</summary>
    public const int WrongInDarkest = 108;

    public const int Batches = 28;

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
        var rows = random.Shuffled(await Digit.ReadAsync(digits, cancellation));
        var (train, production) = (rows[..TrainRows], rows[TrainRows..]);
        var given = Mislabel(train, random);
        var files = DigitsDemoFiles.Under(folder);
        await DigitTable.SaveLabelledAsync(files.Train, train, given, cancellation);
        await DigitTable.SaveTruthAsync(files.TrainTruth, train, cancellation);
        await DigitTable.SaveTruthAsync(files.ProductionTruth, production, cancellation);
        for (var batch = 0; batch < Batches; batch++)
        {
            var part = production[(batch * production.Length / Batches)..((batch + 1) * production.Length / Batches)];
            await DigitTable.SaveUnlabelledAsync(files.Batches[batch], part, cancellation);
        }

        return files;
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
}
