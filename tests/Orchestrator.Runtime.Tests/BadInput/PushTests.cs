using System.Text;
using Orchestrator.Runtime.Datasets.Pushes;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>Batches that do not fit those before them are refused by column and row, and leave what was pushed as it is.</summary>
public sealed class PushTests : IDisposable
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          served:
            push: true
            split: production
            window: 1d
            roles: {id: id, time: at, prediction: guess, features: [size, city]}
        metrics: [data]
        min_rows: 1
        """;

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("id,at,guess,size\nb,2026-01-05T02:00:00Z,x,1\n", "DATA051 served: column \"city\" is missing, which the batches before have; there are id, at, guess, size")]
    [InlineData("id,at,guess,size,city,country\nb,2026-01-05T02:00:00Z,x,1,Ulm,de\n", "DATA051 served: column \"country\" is new; there are id, at, guess, size, city")]
    [InlineData("id,at,guess,size,city\nb,2026-01-05T02:00:00Z,x,1,Ulm\nc,2026-01-05T02:00:00Z,x,big,Ulm\n", "DATA051 served: column \"size\" holds text values (row 2: \"big\"), and number values in the batches before; all batches of a dataset have the same columns")]
    [InlineData("id,at,guess,size,city\nb,never,x,1,Ulm\n", "DATA051 served: column \"at\" holds text values, and instant values in the batches before; all batches of a dataset have the same columns")]
    [InlineData("id,at,guess,size,city\n", "DATA003 served: batch.csv has a header and no rows")]
    [InlineData("\u0001\0\"", "DATA0")]
    public async Task A_batch_that_does_not_fit_is_refused(string body, string problem)
    {
        await OpenAsync();
        await PushAsync("1", "id,at,guess,size,city\na,2026-01-05T01:00:00Z,x,1.5,Ulm\n");

        var refused = Assert.IsType<PushOutcome.Refused>(await PushAsync("2", body));

        Assert.Contains(problem, refused.Problems[0], StringComparison.Ordinal);
        Assert.StartsWith("rules/m.monitor.yaml:", refused.Problems[0], StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_tiny.PathOf("workspace/pushed"), "*", SearchOption.AllDirectories));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal([1], _tiny.Values("data_rows", "served").Values);
    }

    [Fact]
    public async Task What_looks_like_another_type_but_can_be_kept_is_kept()
    {
        await OpenAsync();
        await PushAsync("1", "id,at,guess,size,city\na,2026-01-05T01:00:00Z,x,,Ulm\n");
        await PushAsync("2", "id,at,guess,size,city\nb,2026-01-05T02:00:00Z,x,1,89073\n");
        await PushAsync("3", "id,at,guess,size,city\nc,2026-01-05,x,2.5,\n");

        await _tiny.MoveAsync(TimeSpan.FromDays(1));

        // The first batch has no size and the third no city; of c, which lies at the open end of the window, nothing is seen.
        Assert.Empty(_tiny.Problems("m"));
        Assert.Equal([2], _tiny.Values("data_rows", "served").Values);
        Assert.Equal(0.25, _tiny.Values("data_missing_ratio", "served").Values.Single(), 1e-15);
    }

    [Fact]
    public async Task Only_rows_of_the_window_are_measured_also_after_a_restart()
    {
        await OpenAsync();
        await PushAsync("1", "id,at,guess,size,city\na,2026-01-05T01:00:00Z,x,1,Ulm\nb,2026-01-05T13:00:00Z,x,1,Ulm\n");
        await PushAsync("2", "id,at,guess,size,city\nc,2026-01-06T01:00:00Z,x,1,Ulm\n");
        await _tiny.ReopenAsync();
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal([2], _tiny.Values("data_rows", "served").Values);

        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal([1], _tiny.Values("data_rows", "served").Values);

        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Contains("DATA052 served: no rows of the window were pushed", Assert.Single(_tiny.Problems("m")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_larger_than_the_limit_is_refused_while_it_comes()
    {
        await OpenAsync();
        Assert.IsType<PushOutcome.TooLarge>(await PushAsync("1", new Endless()));
        Assert.Empty(Directory.GetFileSystemEntries(_tiny.PathOf("workspace/pushed/.staging")));
    }

    public void Dispose() => _tiny.Dispose();

    private Task<TinyNode> OpenAsync() => _tiny.Author("rules/m.monitor.yaml", Monitor).OpenAsync();

    private Task<PushOutcome> PushAsync(string batch, string body) => PushAsync(batch, new MemoryStream(Encoding.UTF8.GetBytes(body)));

    private Task<PushOutcome> PushAsync(string batch, Stream body)
    {
        var (monitor, dataset) = _tiny.Node.Revisions.Current!.Dataset("served")!.Value;
        return _tiny.Node.Pushes.TakeAsync(new(monitor, dataset, IsLabels: false, batch, ".csv", "scorer"), body, Cancel);
    }

    /// <summary>A body that never ends.</summary>
    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
