namespace Orchestrator.Server.Access;

/// <summary>The cookie of a session, and what a request that comes with it has to show: that a page of this server sent it.</summary>
internal static class Cookies
{
    public const string ForeignPage = "This request comes from a page of another origin.";

    private const string Name = "orchestrator-session";

    /// <summary>Null where the request carries none.</summary>
    public static string? Text(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } text ? text : null;

    public static void Set(HttpContext context, string text) => context.Response.Cookies.Append(Name, text, Options(context));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    /// <summary>Reading harms nobody, as answers are not given to foreign pages; all else has to come from a page of this server, as the browser itself says
    /// (Fetch Metadata, or the Origin of those that do not know it).</summary>
    public static bool IsFromOwnPage(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return true;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0
            ? site is "same-origin"
            : !request.Headers.ContainsKey("Origin") || request.Headers.Origin == $"{request.Scheme}://{request.Host}";
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
    };
}
