using Orchestrator.Core.Series;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>The order of rows and the number of threads change nothing that a node stores, not even where ids repeat.</summary>
public sealed class SameNumbersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_shuffled_and_1_2_and_4_threads_give_the_same_samples_versions_and_models()
    {
        var rows = Pets.Rows(40, 40, 5, 3);
        var shown = Pets.Rows(20, 20, 0, 7) + "d00,1,1,cat\nd01,2,1,cat\nd02,1.5,1,cat\nc00,11,11,dog\n";
        var first = await RunAsync(rows, shown, threads: 1);

        Assert.Contains(first.Samples, line => line.StartsWith("data_label_error_ratio", StringComparison.Ordinal));
        foreach (var (threads, seed) in new[] { (2, 11UL), (4, 12UL) })
        {
            var other = await RunAsync(Shuffled(rows, seed), Shuffled(shown, seed), threads);
            Assert.Equal(first.Samples, other.Samples);
            Assert.Equal((first.Version, first.Digest), (other.Version, other.Digest));
        }
    }

    private static async Task<Stored> RunAsync(string rows, string shown, int threads)
    {
        using var tiny = new TinyNode();
        await Pets.OpenAsync(tiny, rows, threads);
        tiny.Author("data/shown.csv", shown);
        var model = await tiny.Node.TrainFirstAsync("pets", "ann@example.org", Cancel);
        await tiny.MoveAsync(TimeSpan.FromDays(1));
        var digest = tiny.Node.Database.Read(connection => ModelStore.Find(connection, model)!.Digest);
        return new Stored(Lines(tiny.Node.Samples.Snapshot()), tiny.Node.Versions.Current("pets")!.Id, digest);
    }

    private static string[] Lines(SeriesSnapshot snapshot) => [.. snapshot.All
        .SelectMany(series => series.Samples.Select(sample => $"{series.Labels} {sample.Time} {BitConverter.DoubleToInt64Bits(sample.Value):x} {sample.Rows}"))
        .Order(StringComparer.Ordinal)];

    private static string Shuffled(string rows, ulong seed)
    {
        var lines = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(new SeededRandom(seed).Shuffled(lines.Skip(1)).Prepend(lines[0]).Select(line => line + "\n"));
    }

    private sealed record Stored(string[] Samples, string Version, string Digest);
}
