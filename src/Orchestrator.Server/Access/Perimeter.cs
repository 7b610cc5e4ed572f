using System.Collections.Frozen;
using System.Net;

namespace Orchestrator.Server.Access;

/// <summary>What holds for every request before it is routed: the names the server answers to, and the headers of every answer.</summary>
internal static class Perimeter
{
    /// <summary>Answers only to known host names, so that a foreign page cannot point a name of its own at this server (DNS rebinding).</summary>
    public static IApplicationBuilder UseKnownHosts(this IApplicationBuilder app, ServerOptions options)
    {
        string[] known = ["localhost", "127.0.0.1", "[::1]", .. options.Hosts];
        var hosts = known.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        return app.Use(next => context => hosts.Contains(context.Request.Host.Host)
            ? next(context)
            : Problems.WriteAsync(context, Problems.Of(
                400, $"This server does not answer to the name \"{context.Request.Host.Host}\".", "Call it as localhost, or start it with --host NAME.")));
    }

    public static IApplicationBuilder UseAnswerHeaders(this IApplicationBuilder app) =>
        app.Use(next => context =>
        {
            // As late as possible: an answer that failed half-way begins anew, without the headers set before.
            context.Response.OnStarting(SetHeadersAsync, context);
            return next(context);
        });

    public static bool IsFromThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static Task SetHeadersAsync(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        var policy = context.GetEndpoint()?.Metadata.GetMetadata<AnswerPolicy>() ?? AnswerPolicy.Strict;
        headers.ContentSecurityPolicy = policy.Content.Replace(AnswerPolicy.NonceMark, Nonce.Of(context), StringComparison.Ordinal) + "; report-uri " + PolicyReports.Path;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = policy.MayBeFramed ? "SAMEORIGIN" : "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (!policy.MayBeKept || headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
