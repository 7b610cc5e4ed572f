using System.Text.Json.Nodes;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Cli.Commands;

/// <summary>Findings as SARIF 2.1.0, the format of code scanning.</summary>
/// <remarks>OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.</remarks>
internal static class Sarif
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public static JsonObject Of(IReadOnlyList<Diagnostic> diagnostics)
    {
        var codes = diagnostics.Select(diagnostic => diagnostic.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject { ["driver"] = Driver(codes) },
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = new JsonArray([.. diagnostics.Select(diagnostic => Result(diagnostic, codes))]),
            }),
        };
    }

    private static JsonObject Driver(List<string> codes) => new()
    {
        ["name"] = "orchestrator",
        ["semanticVersion"] = typeof(Sarif).Assembly.GetName().Version!.ToString(3),
        ["rules"] = new JsonArray([.. codes.Select(Rule)]),
    };

    private static JsonObject Rule(string code)
    {
        var known = DiagnosticCatalog.Find(code);
        return known is null ? new JsonObject { ["id"] = code } : new JsonObject
        {
            ["id"] = code,
            ["shortDescription"] = new JsonObject { ["text"] = known.Title },
            ["help"] = new JsonObject { ["text"] = known.Remedy },
            ["defaultConfiguration"] = new JsonObject { ["level"] = Level(known.Severity) },
        };
    }

    private static JsonObject Result(Diagnostic diagnostic, List<string> codes) => new()
    {
        ["ruleId"] = diagnostic.Code,
        ["ruleIndex"] = codes.IndexOf(diagnostic.Code),
        ["level"] = Level(diagnostic.Severity),
        ["message"] = new JsonObject { ["text"] = Message(diagnostic) },
        ["locations"] = new JsonArray(new JsonObject
        {
            ["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = string.Join('/', diagnostic.Path.Split('/', '\\').Select(Uri.EscapeDataString)) },
                ["region"] = new JsonObject { ["startLine"] = diagnostic.Line, ["startColumn"] = diagnostic.Column },
            },
        }),
    };

    private static string Message(Diagnostic diagnostic) =>
        diagnostic.Text + (diagnostic.Allowed is null ? "" : $"; {diagnostic.Allowed}") + (diagnostic.Nearest is null ? "" : $"; did you mean {diagnostic.Nearest}?");

    private static string Level(Severity severity) => severity == Severity.Error ? "error" : "warning";
}
