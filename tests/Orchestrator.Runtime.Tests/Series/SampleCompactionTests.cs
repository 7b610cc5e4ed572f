using Dapper;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Series;

namespace Orchestrator.Runtime.Tests.Series;

public sealed class SampleCompactionTests : IDisposable
{
    private static readonly SampleLimits _atOnce = SampleLimits.Default with { CompactAfter = TimeSpan.Zero };
    private static readonly Labels _ratio = Labels.Of("data_label_error_ratio", ("dataset", "digits \"train\""));
    private static readonly Labels _rows = Labels.Of("data_rows", ("dataset", "digits"));
    private static readonly string _digits = SampleStore.OfMonitor("digits");

    private readonly TempFolder _folder = new();
    private readonly SampleRig _rig;

    public SampleCompactionTests() => _rig = new SampleRig(_folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_bit_of_every_sample_is_the_same_from_a_file()
    {
        double[] odd =
        [
            0.0, -0.0, 0.1, double.NaN, BitConverter.Int64BitsToDouble(0x7ff800000000beef), Sample.Stale, double.PositiveInfinity, double.NegativeInfinity,
            double.Epsilon, double.MaxValue, Math.PI,
        ];
        for (var i = 0; i < odd.Length * 2; i++)
        {
            await AppendAsync(i, (_ratio, odd[i / 2]), (_rows, odd[^((i / 2) + 1)]));
        }

        await _rig.AppendAsync(At(99), _digits, Sampled(_rows, -5, 7, validFor: 120), Sampled(_rows, 3, 8), Sampled(_ratio, 100, 9, rows: int.MaxValue));
        var before = SampleRig.Lines(_rig.Store.Snapshot());
        var then = SampleRig.Lines(_rig.Store.Snapshot().UpTo(5));

        Assert.True(await _rig.CompactAsync(At(99), _atOnce));

        Assert.Equal(before, SampleRig.Lines(_rig.Store.Snapshot()));
        _rig.Restart();
        Assert.Equal(before, SampleRig.Lines(_rig.Store.Snapshot()));
        Assert.Equal(then, SampleRig.Lines(_rig.Store.Snapshot().UpTo(5)));
        Assert.Equal((23L, 23L), (_rig.Store.Watermark, _rig.Store.MeasuredUpTo));
    }

    [Fact]
    public async Task Rows_go_once_they_are_in_a_file_but_the_last_of_each_source()
    {
        await AppendAsync(0, (_rows, 1));
        await _rig.AppendAsync(At(1), SampleStore.OfRules("digits"), Sampled(_ratio, 1, 1));
        await AppendAsync(2, (_rows, 2), (_ratio, 3));
        await AppendAsync(3, (_rows, 3));

        await _rig.CompactAsync(At(2), _atOnce, fileBytes: 400);

        Assert.Equal([2L, 4], Sequence()); // of digits the last is 4, which is too young
        Assert.Equal([(1L, 3L, 4L)], _rig.Files.Select(file => (file.FirstBatch, file.LastBatch, file.Samples)));
        Assert.Equal([_rows], await _rig.Database.WriteAsync(tx => SampleStore.LastLabels(tx, _digits), Cancel));

        await _rig.CompactAsync(At(3), _atOnce, fileBytes: 400);
        Assert.Equal([2L, 4], Sequence());
        Assert.Equal(5, await AppendAsync(4, (_rows, 4)));
    }

    [Fact]
    public async Task Batches_wait_until_they_are_old_enough_and_enough_for_a_file()
    {
        await AppendAsync(0, (_rows, 1));

        Assert.False(await _rig.CompactAsync(At(1), SampleLimits.Default));
        Assert.False(await _rig.CompactAsync(At(1), _atOnce, fileBytes: 1 << 20));
        Assert.Empty(_rig.Files);
    }

    [Fact]
    public async Task Bodies_of_older_versions_are_read_and_compacted()
    {
        const string Json = """[{"l":{"__name__":"data_rows","dataset":"digits"},"t":1767571200000000,"v":900,"u":0,"n":900},{"l":{"__name__":"m"},"t":1767571200000000,"u":5,"n":0}]""";
        await _rig.Database.WriteAsync(
            tx => tx.Execute("insert into sample_batch (seq, received_at, source, body) values (1, 1767571200000000, 'monitor:digits', @Body)", new { Body = System.Text.Encoding.UTF8.GetBytes(Json) }), Cancel);
        _rig.Restart();
        string[] expected =
        [
            $"data_rows{{dataset=\"digits\"}} 1767571200000000 {BitConverter.DoubleToInt64Bits(900):x} 0 900 1",
            "m 1767571200000000 7ff0000000000002 5 0 1",
        ];
        Assert.Equal(expected, SampleRig.Lines(_rig.Store.Snapshot()));
        Assert.Equal([_rows], await _rig.Database.WriteAsync(tx => SampleStore.LastLabels(tx, _digits), Cancel));

        await AppendAsync(1, (_rows, 901));
        await _rig.CompactAsync(At(1), _atOnce);
        _rig.Restart();
        Assert.Equal(expected[0], SampleRig.Lines(_rig.Store.Snapshot())[0]);
        Assert.Equal(3, SampleRig.Lines(_rig.Store.Snapshot()).Count);
    }

    [Fact]
    public async Task What_is_older_than_is_kept_goes_from_memory_files_and_rows()
    {
        var limits = _atOnce with { Keep = TimeSpan.FromMinutes(10) };
        await AppendAsync(0, (_rows, 1), (_ratio, 1));
        await _rig.CompactAsync(At(0), limits);
        await AppendAsync(5, (_rows, 2));
        await _rig.CompactAsync(At(5), limits);
        await AppendAsync(12, (_rows, 3));

        Assert.True(await _rig.CompactAsync(At(12), limits with { CompactAfter = TimeSpan.FromHours(1) }));

        Assert.Equal([2.0, 3], Values(_rows));
        Assert.Null(_rig.Store.Snapshot().Find(_ratio));
        Assert.Single(_rig.Files);
        Assert.Single(Directory.EnumerateDirectories(_folder["samples"]));

        Assert.True(await _rig.CompactAsync(At(40), limits with { CompactAfter = TimeSpan.FromDays(1) }));
        Assert.Empty(_rig.Store.Snapshot().All);
        Assert.Empty(_rig.Files);
        _rig.Restart();
        Assert.Empty(_rig.Store.Snapshot().All);
        await AppendAsync(41, (_ratio, 7));
        _rig.Restart();
        Assert.Equal([7.0], Values(_ratio));
        Assert.Equal(4, _rig.Store.Watermark);
    }

    [Fact]
    public async Task The_oldest_files_go_while_they_take_more_room_than_allowed()
    {
        for (var i = 0; i < 4; i++)
        {
            await AppendAsync(i, (_rows, i));
            await _rig.CompactAsync(At(i), _atOnce);
        }

        var room = _rig.Files.Skip(2).Sum(file => file.Bytes);
        await _rig.CompactAsync(At(3), _atOnce with { Size = room });

        Assert.Equal([3L, 4], _rig.Files.Select(file => file.FirstBatch));
        Assert.Equal([2.0, 3], Values(_rows));
        _rig.Restart();
        Assert.Equal([2.0, 3], Values(_rows));
    }

    [Fact]
    public async Task Files_that_no_row_names_are_removed_and_a_half_written_one_is_written_again()
    {
        Directory.CreateDirectory(_folder["samples/000000000001-000000000001"]);
        await File.WriteAllTextAsync(_folder["samples/000000000001-000000000001/part-0000.parquet"], "half", Cancel);
        Directory.CreateDirectory(_folder["samples/.staging"]);
        await AppendAsync(0, (_rows, 1));
        _rig.Restart();
        Assert.Equal([1.0], Values(_rows));

        await _rig.CompactAsync(At(0), _atOnce);
        _rig.Restart();
        Assert.Equal([1.0], Values(_rows));
    }

    [Fact]
    public async Task Compaction_beside_appends_loses_nothing()
    {
        const int Batches = 400;
        const int Series = 60;
        var compacting = CompactUntilAsync(Batches);
        for (var i = 0; i < Batches; i++)
        {
            await _rig.AppendAsync(At(i), $"monitor:m{i % 3}", [.. Enumerable.Range(0, Series).Select(s => Sampled(Named(s), i, Value(i, s), rows: i))]);
        }

        await compacting;
        List<string> expected = [.. Enumerable.Range(0, Series).OrderBy(Named).SelectMany(s => Enumerable.Range(0, Batches).Select(i => FormattableString.Invariant(
            $"{Named(s)} {At(i).ToMicros()} {BitConverter.DoubleToInt64Bits(Value(i, s)):x} 0 {i} {i + 1}")))];
        Assert.Equal(expected, SampleRig.Lines(_rig.Store.Snapshot()));
        _rig.Restart();
        Assert.Equal(expected, SampleRig.Lines(_rig.Store.Snapshot()));
        Assert.InRange(_rig.Files.Count, 2, Batches);
    }

    [Fact]
    public async Task A_restart_takes_the_memory_as_it_was_written_and_the_batches_that_came_later()
    {
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync(i, (_ratio, i / 7.0), (_rows, i));
        }

        await AppendAsync(-3, (_rows, 8));
        await _rig.CompactAsync(At(20), _atOnce);
        await AppendAsync(40, (_ratio, 1), (Named(1), 2));
        await AppendAsync(2, (Named(1), 3));
        var before = SampleRig.Lines(_rig.Store.Snapshot());
        Directory.Delete(_folder["samples/" + _rig.Files[0].Name], recursive: true); // not needed while there is the other

        _rig.Restart();

        Assert.Equal(before, SampleRig.Lines(_rig.Store.Snapshot()));
        Assert.Equal((43L, 43L), (_rig.Store.Watermark, _rig.Store.MeasuredUpTo));
        Assert.Empty(_rig.Warnings);
        await AppendAsync(41, (_ratio, 5));
        Assert.Equal(before.Count + 1, SampleRig.Lines(_rig.Store.Snapshot()).Count);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("gone")]
    [InlineData("longer")]
    public async Task A_written_memory_that_is_damaged_is_said_and_not_used(string damage)
    {
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync(i, (_ratio, i / 7.0), (_rows, i));
        }

        await _rig.CompactAsync(At(20), _atOnce);
        var before = SampleRig.Lines(_rig.Store.Snapshot());
        var path = Directory.EnumerateFiles(_folder["samples"], "*.chunks").Single();
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        File.Delete(path);
        bytes[bytes.Length / 2] ^= damage == "changed" ? (byte)1 : (byte)0;
        if (damage != "gone")
        {
            await File.WriteAllBytesAsync(path, damage switch { "cut" => bytes[..^5], "longer" => [.. bytes, 0], _ => bytes }, Cancel);
        }

        _rig.Restart();

        Assert.Equal(before, SampleRig.Lines(_rig.Store.Snapshot()));
        Assert.Contains("which takes longer", Assert.Single(_rig.Warnings), StringComparison.Ordinal);
        await _rig.CompactAsync(At(20), SampleLimits.Default);
        _rig.Restart();
        Assert.Empty(_rig.Warnings);
        Assert.Equal(before, SampleRig.Lines(_rig.Store.Snapshot()));
    }

    [Fact]
    public async Task What_retention_drops_does_not_come_back_from_the_written_memory()
    {
        await AppendAsync(0, (_rows, 1), (_ratio, 1));
        await _rig.CompactAsync(At(0), _atOnce);
        await AppendAsync(5, (_rows, 2));
        await _rig.CompactAsync(At(12), _atOnce with { Keep = TimeSpan.FromMinutes(10), CompactAfter = TimeSpan.FromHours(1) });

        _rig.Restart();

        Assert.Equal([2.0], Values(_rows));
        Assert.Null(_rig.Store.Snapshot().Find(_ratio));
        Assert.Empty(_rig.Warnings);
        Assert.Single(Directory.EnumerateFiles(_folder["samples"]));
    }

    [Fact]
    public async Task Batches_that_are_in_files_only_are_read_although_an_older_memory_is_there()
    {
        await AppendAsync(0, (_rows, 1));
        await _rig.CompactAsync(At(0), _atOnce);
        var older = await _rig.Database.WriteAsync(tx => tx.Single<(long Batch, string Sha256)>("select batch, sha256 from chunk_snapshot"), Cancel);
        var file = Directory.EnumerateFiles(_folder["samples"], "*.chunks").Single();
        var bytes = await File.ReadAllBytesAsync(file, Cancel);
        await AppendAsync(1, (_rows, 2));
        await _rig.CompactAsync(At(1), _atOnce);

        // As a kill leaves it before the memory is written anew.
        await _rig.Database.WriteAsync(tx => tx.Execute("update chunk_snapshot set batch = @Batch, sha256 = @Sha256", new { older.Batch, older.Sha256 }), Cancel);
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        _rig.Restart();

        Assert.Equal([1.0, 2], Values(_rows));
    }

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    private static Labels Named(int series) => Labels.Of("m", ("s", series.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static double Value(int batch, int series) => series % 2 == 0 ? batch * 100 / 7 / 100.0 : Math.Sqrt((batch * 1000) + series);

    private static DateTimeOffset At(int minute) => SampleRig.Start.AddMinutes(minute);

    private static LabelledSample Sampled(Labels labels, int minute, double value, int validFor = 0, int rows = 0) =>
        new(labels, new Sample(At(minute).ToMicros(), value, validFor == 0 ? 0 : At(minute + validFor).ToMicros(), rows));

    private async Task CompactUntilAsync(int batches)
    {
        while (_rig.Store.Watermark < batches)
        {
            await Task.Yield();
            await _rig.CompactAsync(At(batches), _atOnce, fileBytes: 4096);
        }
    }

    private Task<long> AppendAsync(int minute, params (Labels Labels, double Value)[] samples) =>
        _rig.AppendAsync(At(minute), _digits, [.. samples.Select(sample => Sampled(sample.Labels, minute, sample.Value))]);

    private List<long> Sequence() => _rig.Database.Read(connection => connection.Query<long>("select seq from sample_batch order by seq").AsList());

    private IEnumerable<double> Values(Labels labels) => _rig.Store.Snapshot().Find(labels)!.Samples.Select(sample => sample.Value);
}
