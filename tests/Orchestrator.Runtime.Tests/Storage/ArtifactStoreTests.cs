using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Storage;

public sealed class ArtifactStoreTests : IDisposable
{
    /// <summary>SHA-256 of "abc": FIPS 180-2, appendix B.1.</summary>
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly TempFolder _folder = new();
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = ArtifactStore.Open(_folder["artifacts"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_is_named_by_its_hash_and_read_back_by_it()
    {
        Assert.Equal(Abc, await _store.PutTextAsync("abc", Cancel));
        Assert.Equal(Abc, await _store.PutTextAsync("abc", Cancel));
        Assert.Equal("abc", await _store.ReadTextAsync(Abc, Cancel));
        Assert.Equal([_store.PathOf(Abc)], Files());
    }

    [Fact]
    public async Task A_stream_that_fails_midway_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => _store.PutAsync(new FailingStream(200_000), Cancel));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_half_written_and_what_was_there_stays()
    {
        using var disk = SmallDisk.Mount(_folder["disk"], kilobytes: 256);
        var store = ArtifactStore.Open(Path.Combine(_folder["disk"], "artifacts"));
        await store.PutTextAsync("abc", Cancel);

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(new byte[1 << 20], Cancel));

        Assert.Equal([store.PathOf(Abc)], Directory.GetFiles(_folder["disk"], "*", SearchOption.AllDirectories));
        Assert.Equal("abc", await store.ReadTextAsync(Abc, Cancel));
    }

    [Fact]
    public async Task What_an_earlier_process_left_half_written_is_cleared()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder["artifacts"], ".staging", "1"), "half", Cancel);

        ArtifactStore.Open(_folder["artifacts"]);

        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_damaged_or_missing_artifact_is_never_given_out()
    {
        await _store.PutTextAsync("abc", Cancel);
        await File.WriteAllTextAsync(_store.PathOf(Abc), "abd", Cancel);

        var damaged = await Assert.ThrowsAsync<StorageException>(() => _store.ReadAsync(Abc, Cancel));
        var missing = await Assert.ThrowsAsync<StorageException>(() => _store.ReadAsync(new string('0', 64), Cancel));

        Assert.Contains("is damaged", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("is not there", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("")]
    public void What_is_no_hash_never_becomes_a_path(string name) => Assert.Throws<StorageException>(() => _store.PathOf(name));

    public void Dispose() => _folder.Dispose();

    private string[] Files() => Directory.GetFiles(_folder["artifacts"], "*", SearchOption.AllDirectories);

    /// <summary>Gives so many bytes, then an error of the device.</summary>
    private sealed class FailingStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            CopyTo(destination, bufferSize);
            throw new IOException("the device is gone");
        }
    }
}
