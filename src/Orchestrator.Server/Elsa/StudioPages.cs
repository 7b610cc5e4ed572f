using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>The pages around Elsa Studio, one of its elements on each, and Studio's own files.</summary>
internal static class StudioPages
{
    private const string Reason = "holds no data";
    private const string Root = "/studio/" + StudioFiles.Version;

    // The hashes are of the inline scripts for the hot keys of the editor and of the list of instances; Blazor needs to compile WebAssembly; its components set styles inline.
    private static readonly AnswerPolicy Page = new(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'")
    {
        MayBeFramed = true,
    };

    /// <summary>Workers are held to the policy of their own file, not of the page.</summary>
    private static readonly AnswerPolicy File = new("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'")
    {
        MayBeKept = true,
    };

    private static readonly Dictionary<string, OwnFile> Own = new(StringComparer.Ordinal)
    {
        ["page.js"] = OwnFile.Read("page.js", "text/javascript; charset=utf-8"),
        ["start.js"] = OwnFile.Read("page.start.js", "text/javascript; charset=utf-8"),
        ["page.css"] = OwnFile.Read("page.css", "text/css; charset=utf-8"),
        ["NOTICE.txt"] = OwnFile.Read("NOTICE.txt", "text/plain; charset=utf-8"),
    };

    /// <summary>Of these files together: the page names them by it, so that a browser need not ask whether they are still the same.</summary>
    private static readonly string OwnVersion = Hash([.. Own.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Bytes)]);

    public static void MapStudio(this IEndpointRouteBuilder routes)
    {
        var files = StudioFiles.OfProgram();
        var page = OwnFile.Read(files.AreThere ? "page.html" : "missing.html", "text/html; charset=utf-8", text => text.Replace("{own}", OwnVersion, StringComparison.Ordinal));
        foreach (var noun in new[] { "definitions", "instances" })
        {
            MapPage(routes, $"{Root}/{noun}", page);
            MapPage(routes, $"{Root}/{noun}/{{id}}", page);
            Redirect(routes, $"/studio/{noun}", _ => $"{Root}/{noun}");
            Redirect(routes, $"/studio/{noun}/{{id}}", id => $"{Root}/{noun}/{id}");
        }

        // Links that Studio itself shows.
        Redirect(routes, "/workflows/definitions/{id}/edit", id => $"{Root}/definitions/{id}");
        Redirect(routes, $"{Root}/workflows/definitions/{{id}}/edit", id => $"{Root}/definitions/{id}");
        Redirect(routes, "/diagnostics/structured-logs", _ => $"{Root}/instances");
        Redirect(routes, $"{Root}/diagnostics/structured-logs", _ => $"{Root}/instances");
        routes.MapMethods("/studio/{version}/{**path}", Methods, (string version, string path, HttpContext context) => Send(files, version, path, context))
            .NeedsNoKey(Reason).WithMetadata(File).ExcludeFromDescription();
    }

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private static void MapPage(IEndpointRouteBuilder routes, string path, OwnFile page) =>
        routes.MapGet(path, () => TypedResults.Bytes(page.Bytes, page.ContentType)).NeedsNoKey(Reason).WithMetadata(Page).ExcludeFromDescription();

    private static void Redirect(IEndpointRouteBuilder routes, string from, Func<string, string> to) =>
        routes.MapGet(from, (string? id, string? workflowInstanceId, HttpContext context) =>
                TypedResults.LocalRedirect(to(Uri.EscapeDataString(id ?? "")) + (workflowInstanceId is null ? context.Request.QueryString : $"/{Uri.EscapeDataString(workflowInstanceId)}")))
            .NeedsNoKey(Reason).ExcludeFromDescription();

    private static IResult Send(StudioFiles files, string version, string path, HttpContext context)
    {
        if (version != StudioFiles.Version)
        {
            return Problems.Refuse(404, $"This server has version {StudioFiles.Version} of Elsa Studio, not {version}.", "Load the page again, from /studio/definitions.");
        }

        return Own.TryGetValue(path, out var own) ? own.Send(context)
            : files.Find(path) is { } file ? StudioFiles.Send(file, context)
            : Problems.NotFound("file of Elsa Studio", path, "/studio/definitions");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..24];

    /// <summary>A file of the server itself, held in memory.</summary>
    private sealed record OwnFile(byte[] Bytes, string ContentType, EntityTagHeaderValue Tag)
    {
        public static OwnFile Read(string name, string contentType, Func<string, string>? complete = null)
        {
            using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"Orchestrator.Server.Elsa.{name}")!);
            var text = reader.ReadToEnd();
            var bytes = Encoding.UTF8.GetBytes(complete?.Invoke(text) ?? text);
            return new OwnFile(bytes, contentType, new EntityTagHeaderValue($"\"{Hash(bytes)}\""));
        }

        public FileContentHttpResult Send(HttpContext context)
        {
            context.Response.Headers.CacheControl = context.Request.Query["v"] == OwnVersion ? "public, max-age=31536000, immutable" : "no-cache";
            return TypedResults.Bytes(Bytes, ContentType, entityTag: Tag);
        }
    }
}
