using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Orchestrator.Server.Access;

/// <summary>Errors as callers see them (RFC 9457): <c>detail</c> is one plain sentence, <c>next</c> says what to do.</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";

    public static ProblemDetails Of(int status, string sentence, string next) => new()
    {
        Type = "about:blank",
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = sentence,
        Extensions = { ["next"] = next },
    };

    public static ProblemHttpResult Refuse(int status, string sentence, string next) => TypedResults.Problem(Of(status, sentence, next));

    public static ProblemHttpResult NotFound(string noun, string id, string list) =>
        Refuse(404, $"There is no {noun} \"{id}\".", $"See {list} for those that exist.");

    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status!.Value;
        return context.Response.WriteAsJsonAsync(problem, options: null, ContentType, context.RequestAborted);
    }

    /// <summary>Gives a body to answers that routing gave without one.</summary>
    public static Task FillAsync(HttpContext context)
    {
        var path = context.Request.Path;
        return WriteAsync(context, context.Response.StatusCode switch
        {
            404 => Of(404, $"There is nothing at {path}.", "See /openapi/v1.json for what there is."),
            405 => Of(405, $"{path} cannot be called with {context.Request.Method}.", "See /openapi/v1.json for its methods."),
            413 => Of(413, "The body of this request is too large.", $"At most {ServerHost.MaxBodyBytes / 1024} KiB are read."),
            415 => Of(415, "The body of this request is not JSON.", "Send it with the header \"Content-Type: application/json\"."),
            var status => Of(status, "The request was not served.", "See /openapi/v1.json for how to ask."),
        });
    }
}
