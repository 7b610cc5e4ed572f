using Orchestrator.Core.Series;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Series;

public sealed class SampleStoreTests : IDisposable
{
    private static readonly DateTimeOffset _at = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly Labels _rows = Labels.Of("data_rows", ("dataset", "digits-train"));
    private static readonly Labels _ratio = Labels.Of("data_label_error_ratio", ("dataset", "digits-train"));

    private readonly TestDatabase _database = new();
    private readonly TempFolder _folder = new();
    private readonly SampleStore _samples = new();

    [Fact]
    public async Task Samples_are_seen_once_their_batch_is_committed()
    {
        var before = _samples.Snapshot();
        Assert.Equal(1, await AppendAsync(_samples, Sampled(_rows, 0, 900)));

        Assert.Equal((0L, 1L), (before.Watermark, _samples.Snapshot().Watermark));
        Assert.Equal([900.0], Values(_samples, _rows));
    }

    [Fact]
    public async Task A_batch_that_was_not_committed_is_not_seen_and_its_number_is_given_again()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => _database.WriteAsync(tx =>
        {
            _samples.Append(tx, _at, SampleStore.OfMonitor("digits"), [Sampled(_rows, 0, 1)]);
            throw new InvalidDataException("on purpose");
        }));

        Assert.Equal((0L, 0L), (_samples.Watermark, _samples.MeasuredUpTo));
        Assert.Equal(1, await AppendAsync(_samples, Sampled(_rows, 0, 2)));
        Assert.Equal([2.0], Values(_samples, _rows));
    }

    [Fact]
    public async Task What_was_stored_is_the_same_to_the_bit_after_a_restart()
    {
        double[] values = [0.1, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, Sample.Stale];
        for (var i = 0; i < values.Length; i++)
        {
            await AppendAsync(_samples, new LabelledSample(_ratio, new Sample(_at.AddHours(i).ToMicros(), values[i], _at.AddHours(i + 2).ToMicros(), 900)));
        }

        _database.Reopen();
        var again = new SampleStore();
        _database.Read(connection => { again.Load(connection, new SampleFolder(_folder.Path), Assert.Fail); return true; });

        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), Values(again, _ratio).Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal((7L, 7L), (again.Watermark, again.MeasuredUpTo));
        Assert.Equal(new Sample(_at.ToMicros(), 0.1, _at.AddHours(2).ToMicros(), 900, 1), again.Snapshot().Find(_ratio)!.Samples.First());
    }

    [Fact]
    public async Task Late_and_repeated_samples_of_many_batches_are_the_same_after_a_restart()
    {
        using var folder = new TempFolder();
        using var rig = new SampleRig(folder.Path);
        var random = new Random(11);
        for (var batch = 0; batch < 40; batch++)
        {
            LabelledSample[] samples = [.. Enumerable.Range(0, 25).Select(_ => new LabelledSample(
                Labels.Of("m", ("s", $"{random.Next(7)}")), new Sample(random.Next(400), random.NextDouble(), random.Next(2) * 500, random.Next(3))))];
            await rig.AppendAsync(SampleRig.Start, $"monitor:{batch % 3}", samples);
        }

        var before = SampleRig.Lines(rig.Store.Snapshot()).Order(StringComparer.Ordinal).ToList();
        rig.Restart();

        Assert.Equal(before, SampleRig.Lines(rig.Store.Snapshot()).Order(StringComparer.Ordinal));
        Assert.Equal(40, rig.Store.Watermark);
    }

    [Fact]
    public async Task What_rules_record_does_not_count_as_measured()
    {
        await AppendAsync(_samples, Sampled(_rows, 0, 900));
        await _database.WriteAsync(tx => _samples.Append(tx, _at, SampleStore.OfRules("digits"), [Sampled(_ratio, 0, 1)]));

        Assert.Equal((2L, 1L), (_samples.Watermark, _samples.MeasuredUpTo));
    }

    [Fact]
    public async Task The_last_labels_of_a_source_leave_out_what_went_stale()
    {
        await AppendAsync(_samples, Sampled(_rows, 0, 900), Sampled(_ratio, 0, 0.2));
        Assert.Equal([_rows, _ratio], await LastAsync("digits"));

        await AppendAsync(_samples, Sampled(_rows, 1, 900), Sampled(_ratio, 1, Sample.Stale));

        Assert.Equal([_rows], await LastAsync("digits"));
        Assert.Empty(await LastAsync("churn"));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private static LabelledSample Sampled(Labels labels, int hour, double value) => new(labels, new Sample(_at.AddHours(hour).ToMicros(), value));

    private static double[] Values(SampleStore samples, Labels labels) => [.. samples.Snapshot().Find(labels)!.Samples.Select(sample => sample.Value)];

    private Task<long> AppendAsync(SampleStore samples, params LabelledSample[] batch) =>
        _database.WriteAsync(tx => samples.Append(tx, _at, SampleStore.OfMonitor("digits"), batch));

    private Task<IReadOnlyList<Labels>> LastAsync(string monitor) => _database.WriteAsync(tx => SampleStore.LastLabels(tx, SampleStore.OfMonitor(monitor)));
}
