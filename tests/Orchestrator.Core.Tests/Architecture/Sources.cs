namespace Orchestrator.Core.Tests.Architecture;

/// <summary>A text file of this repository.</summary>
/// <param name="Path">Relative to the root, with forward slashes.</param>
public sealed record SourceFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');

    /// <summary>The folders of the path, then the file name without its ending.</summary>
    public string[] Names => [.. Folders, System.IO.Path.GetFileNameWithoutExtension(Path)];

    public string[] Folders => Path.Split('/')[..^1];

    /// <summary>The folder below the project's; empty for files at the project's own level.</summary>
    public string Noun => Folders.Length > 2 ? Folders[2] : "";

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary><c>path:line: text</c> for each line for which the predicate holds.</summary>
    public IEnumerable<string> Offending(Func<string, bool> offends) =>
        Lines.Select((line, i) => (line, i)).Where(at => offends(at.line)).Select(at => $"{Path}:{at.i + 1}: {at.line.Trim()}");
}

/// <summary>The files of this repository, as the build left them on disk.</summary>
public static class Sources
{
    private static readonly string[] _ignored = ["bin", "obj", "out", "node_modules", "TestResults", ".git", ".vs", ".idea", "dist", "workspace"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>C# files of src and tests.</summary>
    public static IReadOnlyList<SourceFile> Code { get; } = [.. Read("src", "*.cs"), .. Read("tests", "*.cs")];

    public static IReadOnlyList<SourceFile> Projects { get; } = [.. Read("src", "*.csproj")];

    /// <summary>Everything that people or machines read as text: code, scripts, documents, definitions, rules.</summary>
    public static IReadOnlyList<SourceFile> Texts { get; } =
    [
        .. new[] { "*.cs", "*.csproj", "*.md", "*.sh", "*.json", "*.yaml", "*.yml", "*.props", "*.sql", "*.html", "*.css", "*.js", "*.ts", "*.tsx", "run", "Dockerfile" }
            .SelectMany(pattern => Read(".", pattern)),
    ];

    /// <summary>Names at the root that belong to the project, not to a build or an editor.</summary>
    public static IReadOnlyList<string> RootEntries { get; } =
        [.. Directory.EnumerateFileSystemEntries(Root).Select(entry => Path.GetFileName(entry)).Where(name => !_ignored.Contains(name))];

    private static IEnumerable<SourceFile> Read(string folder, string pattern)
    {
        var start = new DirectoryInfo(Path.Combine(Root, folder));
        return Files(start, pattern)
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)));
    }

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern)
            .Concat(folder.EnumerateDirectories().Where(child => !_ignored.Contains(child.Name)).SelectMany(child => Files(child, pattern)));

    private static string FindRoot(string from) =>
        File.Exists(Path.Combine(from, "Orchestrator.sln"))
            ? from
            : FindRoot(Path.GetDirectoryName(from) ?? throw new InvalidOperationException("no folder above the tests holds Orchestrator.sln"));
}
