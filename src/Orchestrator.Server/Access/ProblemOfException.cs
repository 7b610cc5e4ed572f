using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Server.Access;

/// <summary>Turns what an endpoint threw into a problem: requests that cannot be read are the caller's, the rest is logged and kept from the caller.</summary>
internal sealed partial class ProblemOfException(ILogger<ProblemOfException> log) : IExceptionHandler
{
    private const int DiskFull = 28;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
            BadHttpRequestException bad => OfRequest(bad),
            StorageException storage => Problems.Of(503, storage.Message, "Look into the server's log, then ask again."),
            IOException io when (io.HResult & 0xFFFF) == DiskFull => Problems.Of(507, "The disk of the server is full.", "Make room, then ask again."),
            _ => OfFault(httpContext, exception),
        };
        await Problems.WriteAsync(httpContext, problem);
        return true;
    }

    private static ProblemDetails OfRequest(BadHttpRequestException bad)
    {
        var value = UnreadableParameter().Match(bad.Message);
        var missing = MissingParameter().Match(bad.Message);
        var sentence = value.Success ? $"The parameter {value.Groups[1].Value} cannot be \"{value.Groups[2].Value}\"."
            : missing.Success ? $"The parameter {missing.Groups[1].Value} is missing."
            : bad.Message;
        return Problems.Of(bad.StatusCode, sentence, "See /openapi/v1.json for the parameters of this endpoint.");
    }

    private static ProblemDetails OfJson(JsonException json)
    {
        var missing = MissingProperties().Match(json.Message);
        var sentence = missing.Success
            ? $"The JSON body lacks {missing.Groups[1].Value.Replace('\'', '"')}."
            : $"The JSON body cannot be read at {json.Path ?? "$"} (line {json.LineNumber + 1}).";
        return Problems.Of(400, sentence, "See /openapi/v1.json for the body of this endpoint.");
    }

    private ProblemDetails OfFault(HttpContext context, Exception exception)
    {
        LogFault(context.TraceIdentifier, context.Request.Method, context.Request.Path, exception);
        var problem = Problems.Of(500, "The server failed to answer this request.", $"Its log says why, under {context.TraceIdentifier}.");
        problem.Extensions["trace"] = context.TraceIdentifier;
        return problem;
    }

    [GeneratedRegex("""^Failed to bind parameter "\S+ (\S+)" from "(.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex UnreadableParameter();

    [GeneratedRegex("""^Required parameter "\S+ (\S+)" was not provided""")]
    private static partial Regex MissingParameter();

    [GeneratedRegex("missing required properties including: (.*?)\\.$")]
    private static partial Regex MissingProperties();

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {Trace} ({Method} {Path}) failed")]
    private partial void LogFault(string trace, string method, string path, Exception error);
}
