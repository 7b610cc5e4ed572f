using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Server.Access;

/// <summary>What browsers tell of pages that did what their policy forbids: a sign that somebody got a script, a style or an address into a page.</summary>
internal sealed partial class PolicyReports(Clocks clocks, ILogger<PolicyReports> log)
{
    /// <summary>Where every policy sends them.</summary>
    public const string Path = "/api/policy-reports";

    private const int Most = 100;
    private const int LargestReport = 16 * 1024;
    private const int Longest = 200;

    private readonly ConcurrentQueue<PolicyReport> _latest = new();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var reports = routes.MapGroup(Path).WithTags("status");
        reports.MapPost("/", TakeAsync).NeedsNoKey("takes what browsers report of themselves").WithMetadata(new RequestSizeLimitAttribute(LargestReport))
            .WithSummary("Takes the report of a browser that a page did what its policy forbids.");
        reports.MapGet("/", (PolicyReports all) => TypedResults.Ok(all._latest.Reverse().ToList())).Needs(Role.Admin).WithSummary("The latest reports, newest first; forgotten when the server stops.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TakeAsync(HttpRequest request, PolicyReports all, CancellationToken cancellation)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellation);
            var said = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("csp-report", out var report) && report.ValueKind == JsonValueKind.Object ? report : default;
            all.Keep(new PolicyReport(all._clocks.Real.GetUtcNow(), Word(said, "document-uri"), Word(said, "effective-directive"), Word(said, "blocked-uri")));
            return TypedResults.NoContent();
        }
        catch (JsonException)
        {
            return Problems.Refuse(400, "This is no report of a browser.", "Nothing was kept.");
        }
    }

    private readonly Clocks _clocks = clocks;

    private void Keep(PolicyReport report)
    {
        _latest.Enqueue(report);
        if (_latest.Count > Most)
        {
            _latest.TryDequeue(out _);
        }

        LogReport(report.Directive, report.Page, report.Blocked);
    }

    /// <summary>Anybody may send one: it is cut short, and holds no line breaks for the log.</summary>
    private static string Word(JsonElement report, string name) =>
        report.ValueKind == JsonValueKind.Object && report.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? new string([.. value.GetString()!.Take(Longest).Select(letter => char.IsControl(letter) ? ' ' : letter)])
            : "";

    [LoggerMessage(Level = LogLevel.Warning, Message = "A browser reports that {Directive} was violated on {Page} by {Blocked}")]
    private partial void LogReport(string directive, string page, string blocked);
}

/// <summary>One report of a browser.</summary>
/// <param name="Directive">The part of the policy that was violated.</param>
public sealed record PolicyReport(DateTimeOffset At, string Page, string Directive, string Blocked);
