using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Revisions.Analysis;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Cli.Commands;

/// <summary>A path that was given to be checked, and what there is to say about it; files are named as seen from the current folder.</summary>
internal sealed record CheckedPath(int Files, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>What the rules stand for in plain PromQL.</summary>
    public IReadOnlyList<ExpandedRule> Rules { get; init; } = [];

    private static readonly string[] Kinds = [".model.yaml", ".monitor.yaml", ".rules.yaml", ".test.yaml", ".scenario.yaml", ".json"];

    public static CheckedPath Look(string given, OperatorFile? config)
    {
        if (Directory.Exists(given))
        {
            return Folder(given, config);
        }

        var name = Path.GetFileName(given);
        return Array.Exists(Kinds, kind => name.EndsWith(kind, StringComparison.Ordinal)) ? One(given, config)
            : name.EndsWith(".yaml", StringComparison.Ordinal) && name.StartsWith("orchestrator", StringComparison.Ordinal) ? new(1, Operator(given).Diagnostics)
            : throw new CommandException($"\"{given}\" is not the name of an authored file; allowed: a folder, NAME{string.Join(", NAME", Kinds)}, orchestrator.yaml");
    }

    public static Parsed<OperatorFile> Operator(string path)
    {
        var text = Text(path);
        if (text.Value is not { } readable)
        {
            return new(null, text.Diagnostics);
        }

        var read = OperatorFile.Read(path, readable);
        var secrets = SecretChecks.Of(path, readable).ToList();
        return new(secrets.Count > 0 ? null : read.Value, read.Diagnostics.AddRange(secrets));
    }

    private static CheckedPath Folder(string folder, OperatorFile? config)
    {
        var files = FolderSource.Read(folder);
        if (files.Texts.IsEmpty && files.Diagnostics.IsEmpty)
        {
            throw new CommandException($"\"{folder}\" holds no authored files; their names end in {string.Join(", ", Kinds)}, the last in a folder workflows");
        }

        var found = files.Diagnostics.Concat(RuleRevision.Check(files.Texts, config).Diagnostics);
        return new(files.Texts.Count, [.. found.Select(diagnostic => diagnostic with { Path = Seen(folder, diagnostic.Path) })])
        {
            Rules = [.. RuleRevision.Expand(files.Texts).Select(rule => rule with { Path = Seen(folder, rule.Path) })],
        };
    }

    /// <summary>A file refers to others, so its whole source is checked with it; only what is said about the file itself counts.</summary>
    private static CheckedPath One(string file, OperatorFile? config)
    {
        var text = Text(file);
        if (text.Value is not { } readable)
        {
            return new(1, text.Diagnostics);
        }

        var full = Path.GetFullPath(file);
        var root = RootOf(Path.GetDirectoryName(full)!);
        var path = Path.GetRelativePath(root, full).Replace('\\', '/');
        var texts = FolderSource.Read(root).Texts.SetItem(path, readable);
        var found = RuleRevision.Check(texts, config).Diagnostics;
        return new(1, [.. found.Where(diagnostic => diagnostic.Path == path).Select(diagnostic => diagnostic with { Path = file })])
        {
            Rules = [.. RuleRevision.Expand(texts).Where(rule => rule.Path == path).Select(rule => rule with { Path = file })],
        };
    }

    private static Parsed<string> Text(string path) =>
        File.Exists(path) ? SourceText.Decode(path, File.ReadAllBytes(path)) : throw new CommandException($"the file \"{path}\" does not exist");

    /// <summary>The nearest folder that holds <c>rules</c>, <c>workflows</c> or an operator's file; the file's own where none does.</summary>
    private static string RootOf(string folder)
    {
        for (var parent = folder; parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (Directory.Exists(Path.Combine(parent, "rules")) || Directory.Exists(Path.Combine(parent, "workflows")) || File.Exists(Path.Combine(parent, "orchestrator.yaml")))
            {
                return parent;
            }
        }

        return folder;
    }

    private static string Seen(string folder, string path)
    {
        var seen = path.StartsWith("../", StringComparison.Ordinal) ? Path.GetRelativePath(".", Path.Combine(folder, path)) : Path.Combine(folder, path);
        return seen.StartsWith("./", StringComparison.Ordinal) ? seen[2..] : seen;
    }
}
