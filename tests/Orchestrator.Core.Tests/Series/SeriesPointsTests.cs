using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Series;

/// <summary>Series against the plainest model of one: a sorted list in which the first sample of an instant stays.</summary>
public sealed class SeriesPointsTests
{
    private const int Seed = 7;
    private static readonly Labels _labels = Labels.Of("m", ("s", "a"));

    [Fact]
    public void Random_appends_late_ones_and_duplicates_among_them_give_what_a_sorted_list_gives()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 60; round++)
        {
            var model = new SortedList<long, Sample>();
            var points = SeriesPoints.Empty(_labels);
            var versions = new List<(SeriesPoints Points, Sample[] Samples)>();
            var lateness = round % 3 * 10;
            for (var i = 0; i < random.Next(1, 1500); i++)
            {
                var time = random.Next(100) < lateness ? random.Next(0, (i + 1) * 10) : i * 10;
                var sample = Sampled(random, time, batch: i / 7);
                Assert.Equal(!model.ContainsKey(time), points.With(sample) is not null);
                points = points.With(sample) ?? points;
                model.TryAdd(time, sample);
                if (i % 97 == 0)
                {
                    versions.Add((points, [.. model.Values]));
                }
            }

            versions.Add((points, [.. model.Values]));
            Assert.All(versions, version => Same(version.Samples, version.Points.Samples));
            Agree(random, points, [.. model.Values]);
        }
    }

    [Fact]
    public void Ordered_samples_taken_in_at_once_are_the_series_that_grew_one_by_one()
    {
        var random = new Random(Seed);
        Sample[] samples = [.. Enumerable.Range(0, 1441).Select(i => Sampled(random, i * 60_000_000L, i))];

        var once = SeriesPoints.Empty(_labels).With(samples.AsSpan());
        Same(samples, once.Samples);
        var rest = samples.AsSpan(700);
        var grown = SeriesPoints.Of(_labels, samples[..700]);
        for (var size = 1; rest.Length > 0; rest = rest[Math.Min(size, rest.Length)..], size += 7)
        {
            grown = grown.With(rest[..Math.Min(size, rest.Length)]);
        }

        Same(samples, grown.Samples);
        Same(samples, grown.With(samples.AsSpan(100, 50)).Samples);
        Same(samples, SeriesPoints.Of(_labels, samples).Samples);
        Assert.Equal((1441, 1440), (once.Count, once.LastBatch));
        Same([.. samples, new Sample(1441 * 60_000_000L, 1)], once.With(new Sample(1441 * 60_000_000L, 1))!.Samples);
    }

    private static void Agree(Random random, SeriesPoints points, Sample[] samples)
    {
        Assert.Equal(samples.Length, points.Count);
        Assert.Equal(samples.Max(sample => sample.Batch), points.LastBatch);
        Same([samples[^1]], [points.Newest!.Value]);
        var window = new SampleWindow();
        for (var i = 0; i < 40; i++)
        {
            var at = random.Next(-20, (int)samples[^1].Time + 20);
            Same(samples.Where(sample => sample.Time <= at).TakeLast(1), points.At(at) is { } found ? [found] : []);
            var after = random.Next(-20, at + 1);
            points.Read(after, at, window);
            var real = samples.Where(sample => sample.Time > after && sample.Time <= at && !sample.IsStale).ToList();
            Assert.Equal(real.Select(sample => sample.Time), window.Times.ToArray());
            Assert.Equal(real.Select(sample => BitConverter.DoubleToInt64Bits(sample.Value)), window.Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(real.Select(sample => sample.Rows), window.Rows.ToArray());
        }

        var watermark = random.NextInt64(0, points.LastBatch + 1);
        Same(samples.Where(sample => sample.Batch <= watermark), points.UpTo(watermark).Samples);
        Same(samples.Where(sample => sample.Batch > watermark), points.Since(watermark).Samples);
        var from = random.NextInt64(0, samples[^1].Time + 1);
        Same(samples.Where(sample => sample.Time >= from), points.From(from).Samples);
        Assert.Equal(points.From(from).Samples.Count(), points.From(from).Count);
    }

    private static Sample Sampled(Random random, long time, long batch) => new(
        time,
        random.Next(20) switch { 0 => Sample.Stale, 1 => random.NextDouble(), _ => Math.Round(random.NextDouble(), 4) },
        random.Next(10) == 0 ? 0 : time + 120,
        random.Next(3) * 500,
        batch);

    private static void Same(IEnumerable<Sample> expected, IEnumerable<Sample> got) => Assert.Equal(expected.Select(Text), got.Select(Text));

    private static string Text(Sample sample) =>
        FormattableString.Invariant($"{sample.Time} {BitConverter.DoubleToInt64Bits(sample.Value):x} {sample.ValidUntil} {sample.Rows} {sample.Batch}");
}
