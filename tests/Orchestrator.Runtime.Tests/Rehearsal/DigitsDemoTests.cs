using System.Security.Cryptography;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

public sealed class DigitsDemoTests
{
    [Fact]
    public async Task A_fifth_of_the_training_labels_is_wrong_and_most_of_them_are_in_the_darkest_quarter()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);
        var truth = DemoData.Truth(files.TrainTruth);
        var rows = DemoData.Lines(files.Train);
        var wrong = rows.Where(row => row[66] != truth[row[0]]).Select(row => row[0]).ToHashSet();
        var darkest = rows.OrderByDescending(row => int.Parse(row[65])).ThenBy(row => row[0], StringComparer.Ordinal).Take(225);

        Assert.Equal(900, rows.Count);
        Assert.Equal(180, wrong.Count);
        Assert.Equal(108, darkest.Count(row => wrong.Contains(row[0])));
    }

    [Fact]
    public async Task Ink_is_the_sum_of_the_pixels()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);

        Assert.All(DemoData.Lines(files.Train), row => Assert.Equal(int.Parse(row[65]), row[1..65].Sum(int.Parse)));
        Assert.StartsWith("id,px_0,px_1,", DemoData.Header(files.Train), StringComparison.Ordinal);
        Assert.EndsWith(",px_63,ink,digit", DemoData.Header(files.Train), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_is_the_other_897_rows_without_labels_in_28_batches()
    {
        var files = await DemoData.FilesAsync(TestContext.Current.CancellationToken);
        var trained = DemoData.Lines(files.Train).Select(row => row[0]);
        var served = files.Batches.SelectMany(DemoData.Lines).ToList();

        Assert.Equal(28, files.Batches.Length);
        Assert.Equal(897, served.Count);
        Assert.All(served, row => Assert.Equal(66, row.Length));
        Assert.Empty(served.Select(row => row[0]).Intersect(trained));
        Assert.Equal(served.Select(row => row[0]).Order(StringComparer.Ordinal), DemoData.Lines(files.ProductionTruth).Select(row => row[0]));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var first = await DemoData.FilesAsync(cancellation);
        using var folder = new TempFolder();
        var again = await DigitsDemo.WriteAsync(DemoData.Digits, folder["again"], 1, cancellation);
        var other = await DigitsDemo.WriteAsync(DemoData.Digits, folder["other"], 2, cancellation);

        Assert.Equal(Hash(first.Train), Hash(again.Train));
        Assert.Equal(Hash(first.Batches[27]), Hash(again.Batches[27]));
        Assert.NotEqual(Hash(first.Train), Hash(other.Train));
    }

    /// <summary>The first outputs of SplitMix64 for seed 1234567, from the author's C implementation (prng.di.unimi.it/splitmix64.c).</summary>
    [Fact]
    public void The_random_numbers_are_those_of_the_published_generator()
    {
        var random = new SeededRandom(1234567);

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], new[] { random.Next(), random.Next(), random.Next() });
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
