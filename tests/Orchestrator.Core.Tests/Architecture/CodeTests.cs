using System.Text.RegularExpressions;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>Every code that a check may give is explained, in the catalogue and for authors.</summary>
public sealed partial class CodeTests
{
    [Fact]
    public void Every_code_of_a_diagnostic_is_in_the_catalogue()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("DiagnosticCatalog.cs", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.Equal(used.Order(StringComparer.Ordinal), DiagnosticCatalog.All.Select(code => code.Code));
    }

    [Fact]
    public void Authors_can_read_of_every_code()
    {
        var rows = DiagnosticCatalog.All.Select(code => $"| {code.Code} | {code.Severity.ToString().ToLowerInvariant()} | {code.Title} | {code.Remedy} |");
        Assert.Equal(rows, Repository.Text("rules/CODES.md").Split('\n').Where(line => Row().IsMatch(line)));
    }

    [GeneratedRegex("\"((?:CONF|EXPR|FLOW|MODEL|MON|REV|RULE|SCEN|SEC|SRC|TEST|YAML)[0-9]{3})\"")]
    private static partial Regex Code();

    [GeneratedRegex("^\\| [A-Z]+[0-9]{3} ")]
    private static partial Regex Row();
}
