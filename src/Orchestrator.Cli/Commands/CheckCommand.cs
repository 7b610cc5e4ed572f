using System.CommandLine;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Revisions.Analysis;

namespace Orchestrator.Cli.Commands;

/// <summary><c>check</c>: whether authored files could come into force, and what they mean.</summary>
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

    private static readonly Option<string> Format = new("--format") { Description = "text, json, or sarif (2.1.0, for code scanning).", DefaultValueFactory = _ => "text" };

    private static readonly Option<bool> Expand = new("--expand") { Description = "Print the PromQL that each rule stands for, and how many results it may have." };

    private static readonly Option<bool> Strict = new("--strict") { Description = "Exit 1 for warnings too." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "check",
            "Reads and checks rules, monitors, models, tests, workflows and scenarios; exit 1 where one has an error.",
            "orchestrator check .",
            "orchestrator check rules/digits.rules.yaml --expand",
            "orchestrator check . --config orchestrator.yaml --json",
            "orchestrator check . --strict --format sarif")
        {
            Paths, Config, Format.AcceptOnlyFromAmong("text", "json", "sarif"), Expand, Strict,
        };
        verb.SetAction(parsed => Run(parsed, terminal));
        return verb;
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        var config = parsed.GetValue(Config) is { } path ? CheckedPath.Operator(path) : null;
        var looked = parsed.GetRequiredValue(Paths).Select(given => CheckedPath.Look(given, config?.Value)).ToList();
        var distinct = (config?.Diagnostics ?? []).Concat(looked.SelectMany(one => one.Diagnostics)).Distinct().ToList();
        var errors = distinct.Count(diagnostic => diagnostic.Severity == Severity.Error);
        var rules = parsed.GetValue(Expand) ? looked.SelectMany(one => one.Rules).ToList() : null;
        var report = new CheckReport(looked.Sum(one => one.Files), errors, distinct.Count - errors, distinct, rules);
        Show(parsed, terminal, report);
        return errors > 0 || (parsed.GetValue(Strict) && report.Warnings > 0) ? ExitCode.Found : ExitCode.Ok;
    }

    private static void Show(ParseResult parsed, Terminal terminal, CheckReport report)
    {
        var format = parsed.GetValue(CommandLine.Json) ? "json" : parsed.GetRequiredValue(Format);
        if (format == "sarif")
        {
            terminal.ShowJson(Sarif.Of(report.Diagnostics));
            return;
        }

        if (format == "json")
        {
            terminal.ShowJson(report);
            return;
        }

        foreach (var rule in report.Rules ?? [])
        {
            terminal.Line($"{rule.Path}:{rule.Line}: {rule.Rule}: {rule.Expr}{(rule.Clear is { } clear ? $"; clear: {clear}" : "")}; results: {rule.Series}");
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
/// <param name="Rules">What the rules stand for, where that was asked for.</param>
internal sealed record CheckReport(int Files, int Errors, int Warnings, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<ExpandedRule>? Rules);
