using System.Text.RegularExpressions;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>Which project may reference what: <c>Cli → Server → Runtime → Core</c>, and Core almost nothing.</summary>
public static partial class Arrows
{
    private static readonly string[] _corePackages = ["System.Numerics.Tensors", "YamlDotNet"];

    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["Orchestrator.Core"] = [],
        ["Orchestrator.Runtime"] = ["Orchestrator.Core"],
        ["Orchestrator.Server"] = ["Orchestrator.Runtime"],
        ["Orchestrator.Cli"] = ["Orchestrator.Server"],
    };

    public static IEnumerable<string> Offenders(IEnumerable<SourceFile> projects) => projects.SelectMany(Offenders);

    private static IEnumerable<string> Offenders(SourceFile project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Path);
        if (!_allowed.TryGetValue(name, out var allowed))
        {
            return [$"{project.Path}: {name} has no place in Cli → Server → Runtime → Core"];
        }

        var arrows = ProjectReference().Matches(project.Text).Select(match => match.Groups[1].Value)
            .Where(target => !allowed.Contains(target))
            .Select(target => $"{project.Path}: {name} must not reference {target}");
        return name == "Orchestrator.Core" ? arrows.Concat(CorePackages(project)) : arrows;
    }

    private static IEnumerable<string> CorePackages(SourceFile project) =>
        OtherReference().Matches(project.Text).Select(match => match.Groups[2].Value)
            .Where(package => !_corePackages.Contains(package))
            .Select(package => $"{project.Path}: Core must not reference {package}");

    [GeneratedRegex("<ProjectReference Include=\".*?([\\w.]+)\\.csproj\"")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("<(Package|Framework)Reference Include=\"(.*?)\"")]
    private static partial Regex OtherReference();
}
