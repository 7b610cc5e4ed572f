using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>
/// Random series of every kind that functions treat differently. Values are multiples of 1/64, so that sums are exact. Samples lie 7 ms after a
/// second, where no border of a range or look-back ever is: Prometheus 2 includes the left border, Prometheus 3 does not.
/// </summary>
internal sealed class RandomSeries(Random random)
{
    /// <summary>Where the samples start, in microseconds.</summary>
    public const long Start = 1_700_000_000 * Timestamp.PerSecond;

    /// <summary>Where they end; a Prometheus that is given less than three hours compacts nothing.</summary>
    public const long End = Start + (170 * Minute);

    public const long Minute = 60 * Timestamp.PerSecond;

    private static readonly string[] Bounds = ["0.125", "0.5", "1", "5", "+Inf"];

    private readonly List<LabelledSample> _samples = [];
    private int _number;

    public static List<LabelledSample> Of(Random random)
    {
        var series = new RandomSeries(random);
        foreach (var job in new[] { "api", "web" })
        {
            series.Job(job);
        }

        series.Add(Labels.Of("special", ("kind", "nan")), 30, _ => random.Next(3) == 0 ? double.NaN : random.Next(-50, 50));
        series.Add(Labels.Of("special", ("kind", "inf")), 30, _ => random.Next(4) == 0 ? double.PositiveInfinity : random.Next(-50, 50));
        series.Add(Labels.Of("special", ("kind", "mixed")), 30, _ => random.Next(5) switch { 0 => double.NegativeInfinity, 1 => double.NaN, _ => random.Next(-5, 5) });
        series.Add(Labels.Of("odd_bucket", ("le", "wide")), 60, i => i);
        series.Add(Labels.Of("odd_bucket", ("job", "api")), 60, i => i);
        return series._samples;
    }

    private void Job(string job)
    {
        foreach (var instance in new[] { "0", "1", "2" })
        {
            Gauges(job, instance);
            Counters(job, instance);
        }

        Histogram(job);
        Add(Labels.Of("build_info", ("job", job), ("owner", job == "api" ? "red" : "blue"), ("version", "1.2")), 60, _ => 1);
        Add(Labels.Of("flat", ("job", job)), 15, _ => job == "api" ? 5 : -2.5);
        Add(Labels.Of("seldom", ("job", job)), 240, i => i);
        Add(Labels.Of("twin_a", ("job", job)), 60, i => i % 9);
        Add(Labels.Of("twin_b", ("job", job)), 60, i => i % 7);
        Ends(Labels.Of("early", ("job", job)), i => i);
    }

    private void Gauges(string job, string instance)
    {
        var value = random.Next(-40, 40) + (++_number / 64d);
        var zone = instance == "2" ? "" : instance == "0" ? "east" : "west";
        Add(Labels.Of("gauge", ("job", job), ("instance", instance), ("zone", zone)), 15, _ => Gap(instance == "1", value += random.Next(-8, 9) / 8d));
        var other = random.Next(0, 5);
        if (instance != "2")
        {
            Add(Labels.Of("other", ("job", job), ("instance", instance)), 30, _ => Gap(job == "web", other = Math.Clamp(other + random.Next(-1, 2), -3, 3)));
        }
    }

    private void Counters(string job, string instance)
    {
        foreach (var code in new[] { "200", "500" })
        {
            var total = 0d;
            Add(Labels.Of("requests_total", ("job", job), ("instance", instance), ("code", code)), 15, _ => total = random.Next(120) == 0 ? 0 : total + random.Next(0, 20));
            var errors = 200_000d;
            Add(Labels.Of("errors_total", ("job", job), ("instance", instance), ("code", code)), 15, _ => Gap(true, errors = random.Next(100) == 0 && errors > 200_900 ? 200_000 : errors + random.Next(0, 10)));
        }
    }

    private void Histogram(string job)
    {
        for (var i = 0; i < Bounds.Length; i++)
        {
            var (at, bound) = (i, Bounds[i]);
            var reached = 0d;
            Add(Labels.Of("latency_bucket", ("job", job), ("le", bound)), 15, _ => reached += random.Next(0, 6) + (3 * at));
        }

        Add(Labels.Of("latency_sum", ("job", job)), 15, i => i * 2.5);
        Add(Labels.Of("latency_count", ("job", job)), 15, i => i * 6);
    }

    /// <summary>Sometimes no sample, sometimes a stale marker.</summary>
    private double? Gap(bool isGappy, double value) => !isGappy ? value : random.Next(60) switch
    {
        0 => Sample.Stale,
        < 4 => null,
        _ => value,
    };

    private void Add(Labels labels, int seconds, Func<int, double?> value)
    {
        var i = 0;
        for (var time = Start; time < End; time += seconds * Timestamp.PerSecond)
        {
            if (value(i++) is { } number)
            {
                _samples.Add(new LabelledSample(labels, new Sample(time + 7_000, number)));
            }
        }
    }

    /// <summary>A series that goes stale a while before the others end.</summary>
    private void Ends(Labels labels, Func<int, double> value) =>
        Add(labels, 30, i => i < 270 ? value(i) : i == 270 ? Sample.Stale : null);
}
