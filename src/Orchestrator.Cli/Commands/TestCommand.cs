using System.CommandLine;
using System.Text.RegularExpressions;
using Orchestrator.Core.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary><c>test</c>: promtool's rule-unit-test files, with promtool's verdict and exit code.</summary>
internal static class TestCommand
{
    private static readonly Argument<string[]> Paths = new("path")
    {
        Description = "Test files, or folders: of a folder every NAME.test.yaml is run.", Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Meant = new("--run") { Description = "Only tests whose name this regular expression matches." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "test",
            "Runs rule tests in promtool's format, and fix_test; exit 1 where one fails or cannot be read.",
            "orchestrator test rules",
            "orchestrator test rules/digits.test.yaml --run \"few rows\"",
            "orchestrator test rules --json")
        {
            Paths, Meant,
        };
        verb.SetAction(parsed => Run(parsed, terminal));
        return verb;
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        var isMeant = Filter(parsed.GetValue(Meant));
        var files = parsed.GetRequiredValue(Paths).SelectMany(path => TestedFile.Find(path)).Distinct(StringComparer.Ordinal);
        var reports = files.Select(file => TestedFile.Run(file, isMeant)).ToList();
        if (parsed.GetValue(CommandLine.Json))
        {
            terminal.ShowJson(reports);
        }
        else
        {
            Show(terminal, reports);
        }

        return reports.TrueForAll(report => report.Passed) ? ExitCode.Ok : ExitCode.Found;
    }

    private static Func<string, bool>? Filter(string? pattern)
    {
        try
        {
            return pattern is null ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant).IsMatch;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new CommandException($"\"{pattern}\" is no regular expression; {error.Message}");
        }
    }

    private static void Show(Terminal terminal, List<TestedFile> reports)
    {
        foreach (var report in reports)
        {
            foreach (var line in report.Warnings.Concat(report.Faults).Concat(report.Failures.Select(failure => failure.ToString())))
            {
                terminal.Line(line);
            }

            terminal.Line(report.Passed ? $"{report.File}: {Count(report.Tests, "test")} passed" : $"{report.File}: FAILED");
        }

        var failed = reports.Count(report => !report.Passed);
        terminal.Line($"{Count(reports.Count, "file")}, {Count(reports.Sum(report => report.Tests), "test")}: {(failed == 0 ? "all passed" : $"{failed} of the files failed")}");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
