using System.Globalization;
using Orchestrator.Core.Series;

namespace Orchestrator.Benchmarks;

/// <summary>Series whose values have the shapes that occur: of ten, six ratios with four decimals, three counters and a random walk of full precision.</summary>
internal sealed class SampleShapes
{
    public const string Mix = "of ten: 6 ratios with 4 decimals, 3 counters, 1 random walk of full precision";
    public static readonly int[] All = [Ratio, Counter, Walk];

    private const int Ratio = 0;
    private const int Counter = 1;
    private const int Walk = 2;
    private static readonly int[] _ofTen = [Ratio, Counter, Ratio, Walk, Ratio, Counter, Ratio, Ratio, Counter, Ratio];
    private static readonly DateTimeOffset _start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly Labels[] _labels;
    private readonly double[] _values;
    private readonly ShapeRandom _random = new(20260105);

    public SampleShapes(int series)
    {
        _labels = [.. Enumerable.Range(0, series).Select(Named)];
        _values = [.. Enumerable.Range(0, series).Select(i => _ofTen[i % 10] == Counter ? i : 0.5)];
    }

    public static string Name(int shape) => shape switch
    {
        Ratio => "ratio with 4 decimals, steps of about 0.002",
        Counter => "counter, about 100 a minute",
        _ => "random walk of full precision",
    };

    /// <summary>The samples of a minute in batches.</summary>
    public IEnumerable<LabelledSample[]> Batches(int minute, int size)
    {
        var (time, until) = (_start.AddMinutes(minute).ToMicros(), _start.AddMinutes(minute + 2).ToMicros());
        for (var first = 0; first < _labels.Length; first += size)
        {
            var batch = new LabelledSample[Math.Min(size, _labels.Length - first)];
            for (var i = 0; i < batch.Length; i++)
            {
                ref var value = ref _values[first + i];
                value = Next(_ofTen[(first + i) % 10], value, _random);
                batch[i] = new(_labels[first + i], new Sample(time, value, until, 1000));
            }

            yield return batch;
        }
    }

    public static double Next(int shape, double value, ShapeRandom random) => shape switch
    {
        Ratio => Math.Round(Math.Clamp(value + (random.Normal() * 0.002), 0, 1), 4),
        Counter => Math.Floor(value) + Math.Max(0, Math.Round(100 + (random.Normal() * 10))),
        _ => value + (random.Normal() * 0.01),
    };

    /// <summary>Texts are shared between label sets, as they are where a store read them.</summary>
    private static Labels Named(int series) => Labels.Of(
        string.Intern(string.Create(CultureInfo.InvariantCulture, $"bench_metric_{series % 20}")),
        ("model", string.Intern(string.Create(CultureInfo.InvariantCulture, $"model-{series / 20 % 50}"))),
        ("dataset", string.Intern(string.Create(CultureInfo.InvariantCulture, $"dataset-{series / 20 % 50}-production"))),
        ("segment", string.Intern(string.Create(CultureInfo.InvariantCulture, $"segment-{series / 1000}"))));
}

/// <summary>Normal numbers from a seed, the same on every machine.</summary>
internal sealed class ShapeRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Sum of twelve uniform numbers less six: close enough to normal for steps.</summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 3; i++)
        {
            var bits = Next();
            for (var j = 0; j < 4; j++, bits >>= 16)
            {
                sum += (bits & 0xffff) / 65536.0;
            }
        }

        return sum + ((Next() >> 11) * 1e-17);
    }

    private ulong Next()
    {
        unchecked
        {
            var bits = _state += 0x9e3779b97f4a7c15;
            bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
            bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
            return bits ^ (bits >> 31);
        }
    }
}
