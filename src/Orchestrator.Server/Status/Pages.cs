using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using Orchestrator.Server.Access;
using Orchestrator.Server.Elsa;

namespace Orchestrator.Server.Status;

/// <summary>The pages for people, as they were built beside the program; where they were not, the status page answers for them.</summary>
internal static class Pages
{
    private const string Reason = "holds no data: the page's script asks the API as whoever is signed in";

    /// <summary>The addresses of pages; the script draws what belongs there.</summary>
    private static readonly string[] _routes =
    [
        "/", "/findings", "/findings/{id}", "/fixes", "/fixes/{id}", "/labels", "/labels/{id}", "/datasets", "/datasets/{name}", "/models", "/models/{name}",
        "/rules", "/workflows", "/workflows/definitions/{id}", "/workflows/instances/{id}", "/audit", "/settings", "/signed-in",
    ];

    // Styles that components make as they are drawn carry the nonce; the designer stands in a frame.
    private static readonly AnswerPolicy _page = new(
        $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{AnswerPolicy.NonceMark}'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");

    private static readonly AnswerPolicy _asset = new("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'") { MayBeKept = true };

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        StatusPage.Map(routes);
        var folder = Path.Combine(AppContext.BaseDirectory, "web");
        var index = Path.Combine(folder, "index.html");
        var page = File.Exists(index) ? File.ReadAllText(index) : null;
        foreach (var route in _routes)
        {
            routes.MapGet(route, IResult (HttpContext context) => page is null
                    ? TypedResults.LocalRedirect("/status")
                    : TypedResults.Text(page.Replace("__NONCE__", Nonce.Of(context), StringComparison.Ordinal), "text/html", Encoding.UTF8))
                .NeedsNoKey(Reason).WithMetadata(_page).ExcludeFromDescription();
        }

        var assets = page is null ? FrozenDictionary<string, Asset>.Empty : Asset.ReadAll(folder);
        routes.MapGet("/icon.svg", (HttpContext context) => Send(assets, "icon.svg", context)).NeedsNoKey(Reason).WithMetadata(_asset).ExcludeFromDescription();
        routes.MapGet("/assets/{file}", (string file, HttpContext context) => Send(assets, $"assets/{file}", context))
            .NeedsNoKey(Reason).WithMetadata(_asset).ExcludeFromDescription();
    }

    private static IResult Send(FrozenDictionary<string, Asset> assets, string path, HttpContext context)
    {
        if (!assets.TryGetValue(path, out var asset))
        {
            return Problems.Refuse(404, $"There is no file \"{path}\".", "The server may have another version than the page: load the page anew.");
        }

        // Names of built files hold the hash of their content.
        context.Response.Headers.CacheControl = path.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (asset.Brotli is { } brotli && StudioFiles.TakesBrotli(context.Request))
        {
            context.Response.Headers.ContentEncoding = "br";
            return TypedResults.Bytes(brotli, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Tag}-br\""));
        }

        return TypedResults.Bytes(asset.Plain, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Tag}\""));
    }

    /// <summary>A built file, held in memory.</summary>
    private sealed record Asset(byte[] Plain, byte[]? Brotli, string ContentType, string Tag)
    {
        private static readonly FileExtensionContentTypeProvider _types = new();

        public static FrozenDictionary<string, Asset> ReadAll(string folder) =>
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith(".br", StringComparison.Ordinal))
                .ToFrozenDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Read, StringComparer.Ordinal);

        private static Asset Read(string file)
        {
            var plain = File.ReadAllBytes(file);
            return new Asset(
                plain,
                File.Exists(file + ".br") ? File.ReadAllBytes(file + ".br") : null,
                _types.TryGetContentType(file, out var type) ? type : "application/octet-stream",
                Convert.ToHexStringLower(SHA256.HashData(plain))[..24]);
        }
    }
}
