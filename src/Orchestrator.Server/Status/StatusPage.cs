using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Status;

/// <summary>The status page: files without data, given only to this machine; its script asks the API with the key that the reader enters.</summary>
internal static class StatusPage
{
    private const string Reason = "holds no data and is given to loopback only";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/status", "page.html", "text/html; charset=utf-8");
        Map(routes, "/status.css", "page.css", "text/css; charset=utf-8");
        Map(routes, "/status.js", "page.js", "text/javascript; charset=utf-8");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string file, string contentType)
    {
        var bytes = Read(file);
        routes.MapGet(path, Results<FileContentHttpResult, ProblemHttpResult> (HttpContext context) => Perimeter.IsFromThisMachine(context)
                ? TypedResults.Bytes(bytes, contentType)
                : Problems.Refuse(403, "The status page is given only to the machine that the server runs on.", "Open a tunnel, such as ssh -L, or use the API with a key."))
            .NeedsNoKey(Reason).ExcludeFromDescription();
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(StatusPage).Assembly.GetManifestResourceStream($"Orchestrator.Server.Status.{file}")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
