using System.Collections.Immutable;
using System.IO.Enumeration;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary>What came of one test file; files are named as seen from the current folder.</summary>
/// <param name="Faults">Why the file, or a rule file that it names, could not be read.</param>
/// <param name="Warnings">Patterns of rule files that no file matches.</param>
internal sealed record TestedFile(
    string File, int Tests, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings, IReadOnlyList<TestFailure> Failures)
{
    private const string Kind = "*.test.yaml";

    public bool Passed => Faults.Count == 0 && Failures.Count == 0;

    /// <summary>The test files of a path: itself, or those below a folder.</summary>
    public static IEnumerable<string> Find(string path)
    {
        if (!Directory.Exists(path))
        {
            return System.IO.File.Exists(path) ? [path] : throw new CommandException($"\"{path}\" does not exist", ExitCode.Found);
        }

        var found = Directory.EnumerateFiles(path, Kind, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new CommandException($"\"{path}\" holds no test files; their names end in .test.yaml");
    }

    public static TestedFile Run(string path, Func<string, bool>? isMeant)
    {
        var read = Read(path, RuleTestFile.Read);
        if (read.Value is not { } tests)
        {
            return new(path, 0, Lines(read.Diagnostics), [], []);
        }

        var patterns = tests.RuleFiles.Select(pattern => (Pattern: pattern, Files: Matches(Path.GetDirectoryName(path)!, pattern))).ToList();
        var warnings = patterns.Where(one => one.Files.Count == 0).Select(one => $"{path}: no file matches \"{one.Pattern}\" (warning)").ToList();
        var rules = patterns.SelectMany(one => one.Files).Select(file => Read(file, RuleFile.Read)).ToList();
        if (rules.Exists(file => file.Value is null))
        {
            return new(path, 0, [.. rules.SelectMany(file => Lines(file.Diagnostics))], warnings, []);
        }

        var verdict = tests.Run([.. rules.Select(file => file.Value!)], isMeant);
        return new(path, verdict.Tests, [], warnings, verdict.Failures);
    }

    private static Parsed<T> Read<T>(string path, Func<string, string, Parsed<T>> read)
        where T : class
    {
        var text = SourceText.Decode(path, System.IO.File.ReadAllBytes(path));
        return text.Value is { } readable ? read(path, readable) : new(null, text.Diagnostics);
    }

    private static ImmutableArray<string> Lines(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.ToString())];

    /// <summary>The files that a pattern names, seen from a folder; <c>*</c> and <c>?</c> stand within one part of a path.</summary>
    private static List<string> Matches(string folder, string pattern) =>
        pattern.Split('/').Aggregate(Path.IsPathRooted(pattern) ? ["/"] : new List<string> { folder }, (found, part) => [.. found.SelectMany(at => Below(at, part))])
            .Where(System.IO.File.Exists).Order(StringComparer.Ordinal).ToList();

    private static IEnumerable<string> Below(string folder, string part)
    {
        if (part.AsSpan().IndexOfAny('*', '?') < 0)
        {
            return [part.Length == 0 ? folder : Path.Combine(folder, part)];
        }

        var entries = Directory.Exists(folder.Length == 0 ? "." : folder) ? Directory.EnumerateFileSystemEntries(folder.Length == 0 ? "." : folder) : [];
        return entries.Select(Path.GetFileName).OfType<string>().Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false)).Select(name => Path.Combine(folder, name));
    }
}
