using System.Globalization;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The files of dataset versions: <c>datasets/NAME/VERSION/{data.parquet, manifest.json}</c> under the workspace, each there whole or not at all.</summary>
internal sealed class VersionFolder
{
    private const string Data = "data.parquet";
    private const string Manifest = "manifest.json";

    private readonly string _root;
    private readonly string _staging;
    private long _written;

    /// <summary>Clears what an earlier process left half-written.</summary>
    public VersionFolder(string root)
    {
        _root = root;
        _staging = Path.Combine(root, ".staging");
        if (Directory.Exists(_staging))
        {
            Directory.Delete(_staging, recursive: true);
        }

        Directory.CreateDirectory(_staging);
    }

    public string FileOf(string dataset, string version) => Path.Combine(_root, Named(dataset), version, Data);

    /// <summary>Writes the rows and their manifest, completed by version, count and checksum; nothing is kept where that fails.</summary>
    public async Task<DatasetManifest> SaveAsync(VersionTable table, DatasetManifest draft, CancellationToken cancellation)
    {
        var folder = Path.Combine(_staging, Interlocked.Increment(ref _written).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        try
        {
            var file = Path.Combine(folder, Data);
            table.Write(file, cancellation);
            var manifest = draft with { Version = table.Identity(cancellation), Rows = table.Count, FileSha256 = await HashAsync(file, cancellation) };
            await File.WriteAllTextAsync(Path.Combine(folder, Manifest), Json.Write(manifest) + "\n", cancellation);
            return await KeepAsync(folder, manifest, cancellation);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>The version's file, once its checksum is found right; throws <see cref="StorageException"/> otherwise.</summary>
    public async Task<string> CheckedFileAsync(DatasetManifest manifest, CancellationToken cancellation)
    {
        var file = FileOf(manifest.Dataset, manifest.Version);
        if (!File.Exists(file))
        {
            throw new StorageException($"the version {manifest.Version} of {manifest.Dataset} is not there: {file} is missing");
        }

        var found = await HashAsync(file, cancellation);
        return found == manifest.FileSha256
            ? file
            : throw new StorageException($"the version {manifest.Version} of {manifest.Dataset} is damaged: {file} has the hash {found}");
    }

    /// <summary>A version that is there already, made from other parents, keeps its files.</summary>
    private async Task<DatasetManifest> KeepAsync(string written, DatasetManifest manifest, CancellationToken cancellation)
    {
        var place = Path.GetDirectoryName(FileOf(manifest.Dataset, manifest.Version))!;
        if (Directory.Exists(place))
        {
            return Json.Read<DatasetManifest>(await File.ReadAllTextAsync(Path.Combine(place, Manifest), cancellation));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        DurableFile.PlaceFolder(written, place);
        return manifest;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(file, cancellation));
    }

    /// <summary>Names of datasets are authors' text: what could leave the folder is replaced, and kept apart by its hash.</summary>
    private static string Named(string dataset) =>
        dataset.Length is > 0 and <= 100 && dataset[0] != '.' && dataset.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? dataset
            : Digest.Of(dataset);
}
