using System.Text.RegularExpressions;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>What has a place in this repository, and where.</summary>
public static partial class House
{
    private static readonly string[] _root =
    [
        "src", "rules", "workflows", "tests", "deploy", "Orchestrator.sln", "README.md", "CONTRIBUTING.md", "LICENSE",
        ".ci", ".editorconfig", ".gitignore", ".gitattributes", ".dockerignore", "global.json", "Directory.Build.props", "Directory.Packages.props",
    ];

    // Nouns that only the shell has; every other folder is called as in Core.
    private static readonly string[] _shellNouns =
    [
        "Storage", "Datasets", "Models", "Labeling", "Activities", "Effects", "Evaluations", "Audit", "Elsa", "Commands", "Keys", "Access", "Status", "Samples", "Demo",
        "Addresses", "Notifications", "Deployments", // what is told to the outside: how it is connected to, what people hear, what serving hears
        "Runners", // the operator's commands, as processes
        "Pictures", // what is drawn: scenes as SVG and PNG, without a drawing library of the system
    ];

    // Nouns that only tests have.
    private static readonly string[] _testNouns = ["Architecture", "Cases", "Stories", "BadInput"];

    // Where an exception of any kind may end: it becomes a recorded outcome there.
    private static readonly string[] _boundaries =
    [
        "src/Orchestrator.Cli/Program.cs", // the command's exit code
        "src/Orchestrator.Runtime/Effects/EffectWorker.cs", // shown on the effect row and tried again
        "src/Orchestrator.Server/Effects/EffectAnnouncer.cs", // logged; the bus carries hints only, and the workers are woken without it
    "src/Orchestrator.Server/Effects/EffectLoop.cs", // logged; the worker goes on with the next
        "src/Orchestrator.Runtime/Storage/PendingWrite.cs", // handed to the caller who awaits the write
    ];

    // Fewer than two implementations, but the seam is the point.
    private static readonly string[] _interfaces = ["IActivity", "ICompensation", "IEffectHandler"];

    private static readonly string[] _hosts =
    [
        "localhost", "127.0.0.1", "example.com", "example.org", "github.com", "json-schema.org", "www.w3.org", "doi.org", "arxiv.org", "prometheus.io",
        "archive.ics.uci.edu", "creativecommons.org", "scikit-learn.org", "learn.microsoft.com", "docs.oasis-open.org", "elsaworkflows.io", "schemas.microsoft.com", "tools.ietf.org",
    ];

    public static IEnumerable<string> Strangers(IEnumerable<string> rootEntries) =>
        rootEntries.Where(name => !_root.Contains(name)).Select(name => $"{name} has no place at the root");

    /// <summary>Folders of a project that are not nouns of the project they mirror.</summary>
    public static IEnumerable<string> OddFolders(IEnumerable<SourceFile> files)
    {
        string[] shell = [.. FolderOrder.Core, .. _shellNouns];
        return from file in files
               where file.Noun.Length > 0
               let allowed = file.IsUnder("tests") ? [.. shell, .. _testNouns] : file.IsUnder("src/Orchestrator.Core") ? FolderOrder.Core : shell
               where !allowed.Contains(file.Noun)
               select $"{file.Path}: {file.Noun} is no noun of this house";
    }

    public static IEnumerable<string> SwallowedExceptions(IEnumerable<SourceFile> files) =>
        from file in files
        where !_boundaries.Contains(file.Path)
        from match in CatchAll().Matches(file.Text)
        where !Rethrow().IsMatch(match.Groups["block"].Value)
        select $"{file.Path}:{file.Text[..match.Index].Count(c => c == '\n') + 1}: catches every exception, and is no boundary listed in House.cs";

    /// <summary>Interfaces with fewer than two implementations in production code.</summary>
    public static IEnumerable<string> LonelyInterfaces(IReadOnlyCollection<SourceFile> files) =>
        from file in files
        from declared in Interface().Matches(file.Text)
        let name = declared.Groups[1].Value
        let count = files.Sum(other => Implementation().Matches(other.Text).Count(match => Regex.IsMatch(match.Groups[1].Value, $@"\b{name}\b")))
        where count < 2 && !_interfaces.Contains(name)
        select $"{file.Path}: {name} has {count} implementations";

    /// <summary>Hosts and folders that mean something on one machine only.</summary>
    public static IEnumerable<string> PrivatePlaces(IEnumerable<SourceFile> files) =>
        from file in files
        let isLock = file.Path.EndsWith("package-lock.json", StringComparison.Ordinal)
        from offence in file.Offending(line => !(isLock && Funding().IsMatch(line)) && (Folder().IsMatch(line) || Host().Matches(line).Any(match => !IsKnown(match.Groups[1].Value))))
        select offence;

    /// <summary>Links of documents to files that are not there.</summary>
    public static IEnumerable<string> DeadLinks(IEnumerable<SourceFile> files, Func<string, bool> exists) =>
        from file in files
        where file.Path.EndsWith(".md", StringComparison.Ordinal)
        from link in Link().Matches(file.Text).Select(match => match.Groups[1].Value)
        where !link.Contains(':', StringComparison.Ordinal) && !exists(Path.Combine([.. file.Folders, link]))
        select $"{file.Path}: nothing is at {link}";

    private static bool IsKnown(string host) => _hosts.Any(known => host == known || host.EndsWith("." + known, StringComparison.Ordinal));

    // Up to the matching brace; between the head and the block there may be comments, pragmas and a filter that lets nearly everything in.
    [GeneratedRegex(@"\bcatch\s*(?:\(\s*(?:System\.)?Exception(?:\s+\w+)?\s*\))?\s*(?:when\s*\(\w+ is not [^{]*)?(?:(?:\#|//)[^\n]*\s*)*\{(?<block>(?>[^{}]+|\{(?<open>)|\}(?<-open>))*(?(open)(?!)))\}")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\bthrow;")]
    private static partial Regex Rethrow();

    [GeneratedRegex(@"^\s*(?:public|internal)\s+(?:partial\s+)?interface\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Interface();

    [GeneratedRegex(@"\b(?:class|record|struct)\s+\w+[^{};:]*:([^{};]*)")]
    private static partial Regex Implementation();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"https?://(?:[^/\s@""']*@)?([A-Za-z][\w-]*(?:\.[\w-]+)+)")]
    private static partial Regex Host();

    // Where the authors of npm packages take donations; where packages come from ("resolved") is another line.
    [GeneratedRegex("""^\s*"(?:url|funding)": """)]
    private static partial Regex Funding();

    [GeneratedRegex(@"(?<![\w.\-/}$*])/(?:work|root|home|Users)/\w")]
    private static partial Regex Folder();
}
