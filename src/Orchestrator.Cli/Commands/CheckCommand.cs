using System.CommandLine;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Cli.Commands;

/// <summary><c>check</c>: whether authored files could come into force.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string[]> Paths = new("path")
    {
        Description = "Folders of rules, or files: a file is checked together with its folder.", Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Config = new("--config")
    {
        Description = "The operator's file: names of connections, runners and groups are checked too.",
    };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "check",
            "Reads and checks rules, monitors, models, tests, workflows and scenarios; exit 1 where one has an error.",
            "orchestrator check .",
            "orchestrator check rules/digits.rules.yaml",
            "orchestrator check . --config orchestrator.yaml --json")
        {
            Paths, Config,
        };
        verb.SetAction(parsed => Run(parsed, terminal));
        return verb;
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        var diagnostics = new List<Diagnostic>();
        var config = parsed.GetValue(Config) is { } path ? CheckedPath.Operator(path) : null;
        diagnostics.AddRange(config?.Diagnostics ?? []);
        var files = 0;
        foreach (var given in parsed.GetRequiredValue(Paths))
        {
            var looked = CheckedPath.Look(given, config?.Value);
            files += looked.Files;
            diagnostics.AddRange(looked.Diagnostics);
        }

        var distinct = diagnostics.Distinct().ToList();
        var errors = distinct.Count(diagnostic => diagnostic.Severity == Severity.Error);
        var report = new CheckReport(files, errors, distinct.Count - errors, distinct);
        Show(parsed, terminal, report);
        return errors > 0 ? ExitCode.Found : ExitCode.Ok;
    }

    private static void Show(ParseResult parsed, Terminal terminal, CheckReport report)
    {
        if (parsed.GetValue(CommandLine.Json))
        {
            terminal.ShowJson(report);
            return;
        }

        foreach (var diagnostic in report.Diagnostics)
        {
            terminal.Line(diagnostic.Severity == Severity.Warning ? $"{diagnostic} (warning)" : diagnostic.ToString());
        }

        terminal.Line($"{Count(report.Files, "file")} checked: {Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}

/// <summary>What a check found.</summary>
internal sealed record CheckReport(int Files, int Errors, int Warnings, IReadOnlyList<Diagnostic> Diagnostics);
