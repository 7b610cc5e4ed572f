using System.CommandLine;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Cli.Commands;

/// <summary><c>export prometheus</c>: rules for those who evaluate them elsewhere.</summary>
internal static class ExportCommand
{
    private const string Kind = ".rules.yaml";

    private static readonly Argument<string> Source = new("path") { Description = "A folder of rules, or one file NAME.rules.yaml." };

    private static readonly Option<string> Out = new("--out") { Description = "Folder that the files are written into, at the same places.", Required = true };

    public static Verb Make(Terminal terminal) => new("export", "Writes rules for other systems.", "orchestrator export prometheus rules --out plain") { Prometheus(terminal) };

    private static Verb Prometheus(Terminal terminal)
    {
        var verb = new Verb(
            "prometheus",
            "Writes plain Prometheus rule files: no additions of ours, one label for the rule's identity; what cannot be said in them is warned about.",
            "orchestrator export prometheus rules --out plain")
        {
            Source, Out,
        };
        verb.SetAction(parsed => Run(parsed, terminal));
        return verb;
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        var read = Texts(parsed.GetRequiredValue(Source)).Select(file => RuleFile.Read(file.Path, file.Text)).ToList();
        var errors = read.SelectMany(file => file.Diagnostics).Where(diagnostic => diagnostic.Severity == Severity.Error).ToList();
        var exported = errors.Count > 0 ? [] : read.Select(file => (file.Value!.Source.Path, Plain: PrometheusExport.Write(file.Value!))).ToList();
        var folder = parsed.GetRequiredValue(Out);
        foreach (var (path, plain) in exported)
        {
            Write(Path.Combine(folder, path), plain.Text);
        }

        var report = new ExportReport([.. exported.Select(file => Path.Combine(folder, file.Path))], [.. errors, .. exported.SelectMany(file => file.Plain.Warnings)]);
        Show(parsed, terminal, report);
        return errors.Count > 0 ? ExitCode.Found : ExitCode.Ok;
    }

    private static void Show(ParseResult parsed, Terminal terminal, ExportReport report)
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

        foreach (var file in report.Files)
        {
            terminal.Line($"wrote {file}");
        }
    }

    /// <summary>The rule files of a folder by their paths in it, or the one that is named.</summary>
    private static IEnumerable<(string Path, string Text)> Texts(string given)
    {
        if (Directory.Exists(given))
        {
            var files = FolderSource.Read(given).Texts.Where(pair => pair.Key.EndsWith(Kind, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
            return files.Count > 0 ? files.Select(pair => (pair.Key, pair.Value)) : throw new CommandException($"\"{given}\" holds no files NAME{Kind}");
        }

        return File.Exists(given) && given.EndsWith(Kind, StringComparison.Ordinal)
            ? [(Path.GetFileName(given), SourceText.Decode(given, File.ReadAllBytes(given)).Value ?? throw new CommandException($"\"{given}\" is not readable as UTF-8"))]
            : throw new CommandException($"\"{given}\" is neither a folder nor a file NAME{Kind}");
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

/// <summary>What was exported, and what was lost on the way.</summary>
internal sealed record ExportReport(IReadOnlyList<string> Files, IReadOnlyList<Diagnostic> Diagnostics);
