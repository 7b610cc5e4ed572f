using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Runtime.Revisions;

/// <summary>The authored files of a rules source at one moment.</summary>
/// <param name="Source">Where they came from, for people: a folder, or a commit.</param>
/// <param name="Author">Who authored the revision, where the source tells.</param>
/// <param name="Texts">Text by path, relative to the source's root, with forward slashes.</param>
/// <param name="Diagnostics">What kept a file from being read at all.</param>
public sealed record SourceFiles(
    string Source, string? Author, ImmutableSortedDictionary<string, string> Texts, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>The commit that they were read from; null where they come from a folder.</summary>
    public string? Commit { get; init; }

    /// <summary>Most files of a revision.</summary>
    public const int MaxFiles = 1000;

    /// <summary>Most folders that an authored file lies in, from the source's root; deeper ones are not looked into.</summary>
    internal const int MaxFolders = 16;

    /// <summary>The operator's file. A folder below the root that holds one is a source of its own, and nothing of it belongs to this one.</summary>
    internal const string Operators = "orchestrator.yaml";

    private static readonly string[] Kinds = [".model.yaml", ".monitor.yaml", ".rules.yaml", ".test.yaml", ".scenario.yaml", "classes.txt"];

    /// <summary>Whether a path of a source holds an authored file: the five kinds and lists of classes anywhere, definitions in a folder <c>workflows</c>; where the root
    /// has a folder <c>rules</c>, files elsewhere than there and in <c>workflows</c> are not the author's.</summary>
    internal static bool IsAuthored(string path, bool hasRulesFolder)
    {
        var isWorkflow = path.EndsWith(".json", StringComparison.Ordinal) && ("/" + path).Contains("/workflows/", StringComparison.Ordinal);
        var isRule = Array.Exists(Kinds, kind => path.EndsWith(kind, StringComparison.Ordinal));
        return (isWorkflow || isRule) && IsInScope(path, hasRulesFolder);
    }

    /// <summary>Whether a path lies where files are the author's.</summary>
    internal static bool IsInScope(string path, bool hasRulesFolder) =>
        !hasRulesFolder || path.StartsWith("rules/", StringComparison.Ordinal) || path.StartsWith("workflows/", StringComparison.Ordinal) || path is "rules" or "workflows";

    /// <summary>Nothing that could be read, and why.</summary>
    internal static SourceFiles Unread(string source, Diagnostic reason) => new(source, null, ImmutableSortedDictionary<string, string>.Empty, [reason]);

    /// <summary>A link is not followed: what it leads to may change without a commit, or lie outside. One that could not be an authored file or a folder of them is nobody's concern.</summary>
    internal static Diagnostic? Link(string path) =>
        IsAuthored(path, false) || !Path.GetFileName(path).Contains('.', StringComparison.Ordinal)
            ? new(path, 1, 1, "SRC002", Severity.Error, "a link stands here, and links are not followed", "allowed: the file or folder itself") : null;

    internal static Diagnostic Submodule(string path) =>
        new(path, 1, 1, "SRC003", Severity.Error, "a submodule stands here, and other repositories are not read", "allowed: the files themselves");

    /// <summary>Decodes the bytes of the authored files; one that cannot be read becomes a diagnostic.</summary>
    internal static SourceFiles Decode(string source, string? author, IEnumerable<(string Path, Func<byte[]> Bytes)> files)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var (path, bytes) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (texts.Count == MaxFiles)
            {
                diagnostics.Add(new Diagnostic(path, 1, 1, "SRC001", Severity.Error, "the source has too many files", $"allowed: at most {MaxFiles}"));
                break;
            }

            var text = SourceText.Decode(path, bytes());
            diagnostics.AddRange(text.Diagnostics);
            if (text.Value is { } decoded)
            {
                texts[path] = decoded;
            }
        }

        return new SourceFiles(source, author, texts.ToImmutable(), diagnostics.ToImmutable());
    }
}
