using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Orchestrator.Server.Elsa;

/// <summary>One file of Elsa Studio as it lies on the disk.</summary>
/// <param name="IsBrotli">Whether it is kept compressed.</param>
internal sealed record StudioFile(string Path, string ContentType, bool IsBrotli, EntityTagHeaderValue Tag);

/// <summary>The files of Elsa Studio beside the program, most of them compressed by Brotli as they were published.</summary>
internal sealed class StudioFiles
{
    /// <summary>The version that this server speaks with; another one may send other shapes.</summary>
    public const string Version = "3.8.2";

    private const string Entrance = "_framework/blazor.webassembly.js";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new() { Mappings = { [".dat"] = "application/octet-stream" } };

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, StudioFile> _known = new(StringComparer.Ordinal);

    public StudioFiles(string folder) => _folder = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;

    /// <summary>Beside the assemblies, where the build puts them if it had them.</summary>
    public static StudioFiles OfProgram() => new(Path.Combine(AppContext.BaseDirectory, "studio"));

    /// <summary>Whether the build had the files.</summary>
    public bool AreThere => Find(Entrance) is not null;

    /// <summary>The file of a path as pages name it; null where there is none.</summary>
    public StudioFile? Find(string path)
    {
        if (_known.TryGetValue(path, out var known))
        {
            return known;
        }

        if (path.Contains('\0', StringComparison.Ordinal) || Path.GetFullPath(Path.Combine(_folder, path)) is not { } file || !file.StartsWith(_folder, StringComparison.Ordinal))
        {
            return null;
        }

        return File.Exists(file + ".br") ? Keep(path, file + ".br", isBrotli: true) : File.Exists(file) ? Keep(path, file, isBrotli: false) : null;
    }

    /// <summary>Sends a file, compressed to those who take it so.</summary>
    public static IResult Send(StudioFile file, HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = "public, max-age=31536000, immutable";
        if (!file.IsBrotli)
        {
            return TypedResults.PhysicalFile(file.Path, file.ContentType, entityTag: file.Tag);
        }

        if (TakesBrotli(context.Request))
        {
            headers.ContentEncoding = "br";
            return TypedResults.PhysicalFile(file.Path, file.ContentType, entityTag: file.Tag);
        }

        var plain = new BrotliStream(File.OpenRead(file.Path), CompressionMode.Decompress);
        return TypedResults.Stream(plain, file.ContentType, entityTag: new EntityTagHeaderValue(file.Tag.Tag.ToString().TrimEnd('"') + "-plain\""));
    }

    private StudioFile Keep(string path, string file, bool isBrotli)
    {
        using var stream = File.OpenRead(file);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(stream))[..24]}\"");
        var type = ContentTypes.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        return _known.GetOrAdd(path, new StudioFile(file, WithCharset(type), isBrotli, tag));
    }

    private static string WithCharset(string type) => type.StartsWith("text/", StringComparison.Ordinal) || type == "application/json" ? $"{type}; charset=utf-8" : type;

    /// <summary>Whether who asks takes what is compressed by Brotli.</summary>
    public static bool TakesBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);
}
