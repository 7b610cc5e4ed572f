using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Storage;

/// <summary>Files named by the SHA-256 of their content: models, patches, lists of suspects, evaluations.</summary>
public sealed class ArtifactStore
{
    private readonly string _folder;
    private readonly string _staging;
    private long _written;

    private ArtifactStore(string folder)
    {
        _folder = folder;
        _staging = Path.Combine(folder, ".staging");
    }

    /// <summary>Makes the folder where it is missing and clears what an earlier process left half-written.</summary>
    public static ArtifactStore Open(Workspace workspace) => Open(Path.Combine(workspace.Folder, "artifacts"));

    internal static ArtifactStore Open(string folder)
    {
        var store = new ArtifactStore(folder);
        if (Directory.Exists(store._staging))
        {
            Directory.Delete(store._staging, recursive: true);
        }

        Directory.CreateDirectory(store._staging);
        return store;
    }

    /// <summary>Keeps the content and gives its hash, in lower-case hexadecimal; nothing is kept where the stream or the disk fails.</summary>
    public async Task<string> PutAsync(Stream content, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _written);
        var written = Path.Combine(_staging, number.ToString(CultureInfo.InvariantCulture));
        try
        {
            await DurableFile.WriteAsync(written, content, cancellation);
            return await KeepAsync(written, cancellation);
        }
        finally
        {
            File.Delete(written);
        }
    }

    public Task<string> PutAsync(byte[] content, CancellationToken cancellation) => PutAsync(new MemoryStream(content, writable: false), cancellation);

    public Task<string> PutTextAsync(string content, CancellationToken cancellation) => PutAsync(Encoding.UTF8.GetBytes(content), cancellation);

    /// <summary>The content behind a hash; throws <see cref="StorageException"/> where it is missing or is no longer what was put.</summary>
    public async Task<byte[]> ReadAsync(string sha256, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path))
        {
            throw new StorageException($"the artifact {sha256} is not there");
        }

        var content = await File.ReadAllBytesAsync(path, cancellation);
        var found = Digest.Of(content);
        return found == sha256 ? content : throw new StorageException($"the artifact {sha256} is damaged: its content has the hash {found}");
    }

    public async Task<string> ReadTextAsync(string sha256, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await ReadAsync(sha256, cancellation));

    /// <summary>Where the content lies; throws <see cref="StorageException"/> on what is no hash.</summary>
    public string PathOf(string sha256) =>
        sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(_folder, sha256[..2], sha256)
            : throw new StorageException($"\"{sha256}\" is no artifact: 64 lower-case hexadecimal digits are");

    private async Task<string> KeepAsync(string written, CancellationToken cancellation)
    {
        string sha256;
        await using (var file = File.OpenRead(written))
        {
            sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        }

        var path = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Place(written, path);
        return sha256;
    }
}
