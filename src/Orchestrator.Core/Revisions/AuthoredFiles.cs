using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Revisions;

/// <summary>The files of a revision that could be read, and what was said about any of them so far.</summary>
internal sealed class AuthoredFiles(OperatorFile? operatorFile)
{
    private static readonly string[] Kinds = [".model.yaml", ".monitor.yaml", ".rules.yaml", ".test.yaml", ".scenario.yaml", ClassesFile.Ending];

    private readonly List<Diagnostic> _diagnostics = [];

    public OperatorFile? Operator { get; } = operatorFile;

    public List<ModelFile> Models { get; } = [];

    /// <summary>The classes that files of them list, by path.</summary>
    public Dictionary<string, ImmutableArray<string>> Classes { get; } = new(StringComparer.Ordinal);

    public List<MonitorFile> Monitors { get; } = [];

    public List<RuleFile> Rules { get; } = [];

    public List<RuleTestFile> Tests { get; } = [];

    public List<WorkflowDefinition> Workflows { get; } = [];

    /// <summary>Files of a kind that could not be read: what they give is not known, so that names are not called missing.</summary>
    public HashSet<string> Broken { get; } = [];

    public IEnumerable<DatasetSpec> Datasets => Monitors.SelectMany(monitor => monitor.Datasets);

    public static AuthoredFiles Read(IReadOnlyDictionary<string, string> texts, OperatorFile? operatorFile)
    {
        var files = new AuthoredFiles(operatorFile);
        foreach (var (path, text) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            files.Read(path, text);
        }

        return files;
    }

    public void Error(YamlFile file, Place place, string code, string text, string? allowed = null, string? nearest = null) =>
        _diagnostics.Add(new(file.Path, place.Line, place.Column, code, Severity.Error, text, allowed, nearest));

    public void Warning(YamlFile file, Place place, string code, string text, string? allowed = null, string? nearest = null) =>
        _diagnostics.Add(new(file.Path, place.Line, place.Column, code, Severity.Warning, text, allowed, nearest));

    /// <summary>An error where a name is none of those known; nothing where files that may give the name could not be read.</summary>
    public void Expect(string name, IReadOnlyCollection<string> known, string kind, YamlFile file, (Place Place, string Code, string What) error)
    {
        if (known.Contains(name) || Broken.Contains(kind))
        {
            return;
        }

        Error(file, error.Place, error.Code, $"{error.What} \"{name}\" does not exist", Listed(known), Nearest.To(name, known));
    }

    public ImmutableArray<Diagnostic> Sorted() =>
        [.. _diagnostics.Distinct().OrderBy(item => item.Path, StringComparer.Ordinal).ThenBy(item => item.Line).ThenBy(item => item.Column)];

    internal static string Listed(IReadOnlyCollection<string> known) =>
        known.Count == 0 ? "allowed: none, there are none" : $"allowed: {string.Join(", ", known.Order(StringComparer.Ordinal).Take(20))}{(known.Count > 20 ? ", …" : "")}";

    private void Read(string path, string text)
    {
        _diagnostics.AddRange(SecretChecks.Of(path, text));
        switch (Kinds.FirstOrDefault(kind => path.EndsWith(kind, StringComparison.Ordinal)))
        {
            case ClassesFile.Ending:
                Classes[path] = ClassesFile.Read(text);
                break;
            case ".model.yaml":
                Add(Models, ModelFile.Read(path, text), "model");
                break;
            case ".monitor.yaml":
                Add(Monitors, MonitorFile.Read(path, text), "monitor");
                break;
            case ".rules.yaml":
                Add(Rules, RuleFile.Read(path, text), "rules");
                break;
            case ".test.yaml":
                Add(Tests, RuleTestFile.Read(path, text), "test");
                break;
            case null when path.EndsWith(".json", StringComparison.Ordinal):
                AddWorkflow(path, text);
                break;
            case null:
                _diagnostics.Add(new(path, 1, 1, "REV001", Severity.Warning, "the file is of no known kind", $"allowed: {string.Join(", ", Kinds.Select(kind => "NAME" + kind))}, or workflows/NAME.json"));
                break;
            default:
                break;
        }
    }

    private void Add<T>(List<T> files, Parsed<T> read, string kind)
        where T : class
    {
        _diagnostics.AddRange(read.Diagnostics);
        if (read.Value is { } file)
        {
            files.Add(file);
        }
        else
        {
            Broken.Add(kind);
        }
    }

    private void AddWorkflow(string path, string text)
    {
        var unreadable = new DiagnosticList(path);
        if (!SourceText.IsReadable(text.TrimStart('\uFEFF'), unreadable))
        {
            _diagnostics.AddRange(unreadable.ToImmutable());
            Broken.Add("workflow");
            return;
        }

        var (definition, diagnostics) = WorkflowDefinition.Read(path, text);
        _diagnostics.AddRange(diagnostics);
        if (definition is { DefinitionId.Length: > 0 })
        {
            Workflows.Add(definition);
        }
        else
        {
            Broken.Add("workflow");
        }
    }
}
