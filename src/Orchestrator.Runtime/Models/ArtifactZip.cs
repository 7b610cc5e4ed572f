using System.IO.Compression;

namespace Orchestrator.Runtime.Models;

/// <summary>A model artifact whose bytes depend on its content only: entries in ordinal order, one fixed time, not compressed.</summary>
public static class ArtifactZip
{
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The entries of a zip, and one more, written anew.</summary>
    public static byte[] Normalise(Stream zip, string entry, byte[] content)
    {
        using var source = new ZipArchive(zip, ZipArchiveMode.Read);
        var entries = source.Entries.Select(part => (part.FullName, Bytes: ReadAll(part))).Append((FullName: entry, Bytes: content));
        using var target = new MemoryStream();
        using (var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.OrderBy(part => part.FullName, StringComparer.Ordinal))
            {
                Add(archive, name.Replace('\\', '/'), bytes);
            }
        }

        return target.ToArray();
    }

    public static byte[] Read(byte[] artifact, string entry)
    {
        using var archive = new ZipArchive(new MemoryStream(artifact), ZipArchiveMode.Read);
        return ReadAll(archive.GetEntry(entry) ?? throw new InvalidDataException($"the artifact has no {entry}"));
    }

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        stream.Write(bytes);
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
