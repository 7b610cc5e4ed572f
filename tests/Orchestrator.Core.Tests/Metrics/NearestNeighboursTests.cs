using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class NearestNeighboursTests
{
    private const int Classes = 10;
    private static readonly int[][] MistakenFor = [[6], [7, 8], [1, 7], [8, 5], [9], [6, 3], [5, 0], [1], [3, 1], [4, 3]];

    [Fact]
    public void Shuffled_rows_get_the_same_probabilities_to_the_last_bit()
    {
        var (rows, _) = Digits(seed: 1);
        var order = Enumerable.Range(0, rows.Ids.Length).ToArray();
        new Random(7).Shuffle(order);

        var straight = NearestNeighbours.OutOfFold(rows with { Features = rows.Features.Standardised() }, new());
        var shuffledRows = Permuted(rows, order);
        var shuffled = NearestNeighbours.OutOfFold(shuffledRows with { Features = shuffledRows.Features.Standardised() }, new());

        Assert.All(order, (original, place) => Assert.Equal(straight.Row(original).ToArray(), shuffled.Row(place).ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_fifth_of_wrong_labels_among_real_digits_is_flagged_precisely_and_ranked_first(int seed)
    {
        var (rows, truth) = Digits(seed);
        var labels = rows.Labels.AsSpan();
        var probabilities = NearestNeighbours.OutOfFold(rows with { Features = rows.Features.Standardised() }, new());

        var flagged = Enumerable.Range(0, truth.Length).Where(LabelErrorFilter.ConfidentLearning(probabilities, labels).ElementAt).ToArray();
        var budget = LabelQuality.Ranking(LabelQuality.NormalizedMargin(probabilities, labels))[..(truth.Length / 4)];

        var wrong = Enumerable.Range(0, truth.Length).Count(row => rows.Labels[row] != truth[row]);
        Assert.True(flagged.Count(row => rows.Labels[row] != truth[row]) >= 0.85 * flagged.Length, "precision of the flagged rows");
        Assert.True(budget.Count(row => rows.Labels[row] != truth[row]) >= 0.85 * wrong, "wrong labels found within a quarter of the rows");
    }

    [Fact]
    public void Folds_depend_on_the_id_alone_and_are_even()
    {
        var sizes = Enumerable.Range(0, 10_000).GroupBy(i => Fold.Of($"row-{i}", 10)).Select(group => group.Count()).ToArray();

        Assert.Equal(10, sizes.Length);
        // Binomial(10,000, 0.1): four standard deviations are 120.
        Assert.All(sizes, size => Assert.InRange(size, 880, 1120));
    }

    [Fact]
    public void Rows_without_any_difference_yield_the_class_shares()
    {
        var ids = Enumerable.Range(0, 40).Select(i => $"{i}").ToImmutableArray();
        var rows = new LabelledRows(ids, new(1, new double[40]), [.. ids.Select((_, i) => i % 2)], 2);

        var probabilities = NearestNeighbours.OutOfFold(rows with { Features = rows.Features.Standardised() }, new());

        Assert.All(Enumerable.Range(0, 40), row => Assert.Equal(1, probabilities[row, 0] + probabilities[row, 1], 1e-12));
    }

    [Fact]
    public void A_search_limit_still_gives_every_row_its_probabilities()
    {
        var (rows, _) = Digits(seed: 1);

        var probabilities = NearestNeighbours.OutOfFold(rows, new(SearchedRows: 300));

        Assert.Equal(rows.Ids.Length, probabilities.Rows);
        Assert.All(Enumerable.Range(0, probabilities.Rows), row => Assert.Equal(1, probabilities.Row(row).ToArray().Sum(), 1e-12));
    }

    private static LabelledRows Permuted(LabelledRows rows, int[] order) => new(
        [.. order.Select(row => rows.Ids[row])],
        new(rows.Features.Columns, [.. order.SelectMany(row => rows.Features.Row(row).ToArray())]),
        [.. order.Select(row => rows.Labels[row])],
        rows.Classes);

    /// <summary>900 digits, a fifth with the wrong label that a person might give, seven of ten of those in the quarter with most ink.</summary>
    private static (LabelledRows Rows, int[] Truth) Digits(int seed)
    {
        var random = new Random(seed);
        var all = Read();
        random.Shuffle(all);
        var digits = all[..900];
        var truth = digits.Select(digit => digit[64]).ToArray();
        var labels = truth.ToArray();
        var byInk = Enumerable.Range(0, digits.Length).OrderByDescending(i => digits[i][..64].Sum()).ToArray();
        random.Shuffle(byInk.AsSpan(0, 225));
        random.Shuffle(byInk.AsSpan(225));
        foreach (var i in byInk[..126].Concat(byInk[225..279]))
        {
            var mistakes = MistakenFor[truth[i]];
            labels[i] = mistakes[random.Next(mistakes.Length)];
        }

        var features = new FeatureMatrix(64, [.. digits.SelectMany(digit => digit[..64]).Select(pixel => (double)pixel)]);
        return (new([.. digits.Select((_, i) => $"train-{i:D4}")], features, [.. labels], Classes), truth);
    }

    private static int[][] Read()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.File("digits", "digits.csv.gz")), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',').Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
    }
}
