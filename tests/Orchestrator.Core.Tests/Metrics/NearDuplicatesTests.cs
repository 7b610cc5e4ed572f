using System.Text.Json;
using Orchestrator.Core.Metrics.NearDuplicates;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class NearDuplicatesTests
{
    private static readonly string[] _texts = ["The cat sat", "the CAT sat!", "a cat sat", "dogs run", "", "?!", "dogs run fast now"];

    /// <summary>Words {the, cat, sat} twice; {a, cat, sat} shares two of four with each; {dogs, run} two of four with {dogs, run, fast, now}; what has no words is near to nothing.</summary>
    [Theory]
    [InlineData(1.0, 1, 1)]
    [InlineData(0.51, 1, 1)]
    [InlineData(0.5, 4, 3)]
    public void Texts_are_near_by_the_share_of_their_words(double threshold, int pairs, int beyond)
    {
        var groups = NearTexts.Find(_texts, threshold);

        Assert.Equal((pairs, beyond, 7), (groups.Pairs, groups.Beyond, groups.Rows));
    }

    /// <summary>The first two point the same way; the last stands at 45° to both axes, cos 45° = 0.7071; zeros point nowhere.</summary>
    [Theory]
    [InlineData(0.7, 4, 3)]
    [InlineData(0.71, 1, 1)]
    [InlineData(1, 1, 1)]
    public void Vectors_are_near_by_their_angle(double threshold, int pairs, int beyond)
    {
        var groups = NearVectors.Find(new(2, [1, 0, 2, 0, 0, 3, 0, 0, 1, 1]), threshold);

        Assert.Equal((pairs, beyond, 5), (groups.Pairs, groups.Beyond, groups.Rows));
    }

    [Fact]
    public void No_pair_of_vectors_is_missed()
    {
        double[] values = [.. Enumerable.Range(0, 900).Select(i => Math.Sin(i * i * 0.7) + (i % 3))];
        var rows = values.Chunk(3).ToArray();
        double Length(double[] row) => Math.Sqrt(row.Sum(x => x * x));
        foreach (var threshold in new[] { 0.5, 0.9, 0.99, 0.999 })
        {
            var all = from i in Enumerable.Range(0, rows.Length)
                      from j in Enumerable.Range(0, i)
                      where rows[i].Zip(rows[j], (x, y) => x * y).Sum() / Length(rows[i]) / Length(rows[j]) >= threshold
                      select 1;
            Assert.Equal(all.Count(), NearVectors.Find(new(3, values), threshold).Pairs);
        }
    }

    [Fact]
    public void No_pair_is_missed()
    {
        var texts = Enumerable.Range(0, 400).Select(i => string.Join(' ', Enumerable.Range(0, 3 + (i % 5)).Select(k => $"w{(i * (k + 3) * 31 % 17) + (k * i % 3)}"))).ToArray();
        var sets = texts.Select(text => text.Split(' ').ToHashSet()).ToArray();
        foreach (var threshold in new[] { 0.3, 0.4, 0.5, 0.6, 2 / 3.0, 0.75, 0.8, 1 })
        {
            var all = from i in Enumerable.Range(0, sets.Length)
                      from j in Enumerable.Range(0, i)
                      let shared = sets[i].Count(sets[j].Contains)
                      where shared >= (threshold * (sets[i].Count + sets[j].Count - shared)) - 1e-9
                      select 1;
            Assert.Equal(all.Count(), NearTexts.Find(texts, threshold).Pairs);
        }
    }

    /// <summary>Pairs of records of the reference, at each of its thresholds.</summary>
    [Fact]
    public void Records_of_sites_pair_as_in_the_reference()
    {
        var texts = Csv.QuotedRows(SharedData.File("duplicates-early-childhood", "sites.csv")).Select(row => $"{row[3]} {row[4]} {row[6]}").ToArray();
        var reference = JsonDocument.Parse(File.ReadAllText(SharedData.File("duplicates-early-childhood", "reference.json"))).RootElement.GetProperty("baseline");

        Assert.Equal(3337, texts.Length);
        Assert.All(reference.EnumerateArray(), baseline =>
            Assert.Equal(baseline.GetProperty("predicted_pairs").GetInt64(), NearTexts.Find(texts, baseline.GetProperty("threshold").GetDouble()).Pairs));
    }

    /// <summary>Ranges 100 and 1: a hundredth of them is 1 and 0.01.</summary>
    [Fact]
    public void Rows_are_near_where_categories_agree_and_no_number_is_far()
    {
        double[] first = [0, 0.9, 1.8, 50, 50, double.NaN, double.NaN, 100];
        double[] second = [0.5, 0.5, 0.5, 0, 0.02, 1, 1, 1];
        string[] categories = ["a", "a", "a", "b", "b", "c", "c", "c"];

        // The first three are a chain; 50 with 0 and with 0.02 are too far apart; two miss the same.
        var groups = NearRows.Find(categories, [first, second], 0.01);
        Assert.Equal((3, 3), (groups.Pairs, groups.Beyond));

        var equal = NearRows.Find(categories, [first, second], 0);
        Assert.Equal((1, 1), (equal.Pairs, equal.Beyond));

        var other = NearRows.Find(["a", "b", "a", "b", "b", "c", "d", "c"], [first, second], 0.01);
        Assert.Equal((0, 0), (other.Pairs, other.Beyond));

        Assert.Equal(4, NearRows.Find(["a", "b", "a", "b", "a", "a"], [], 0).Beyond);
    }
}
