using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Revisions;

/// <summary>Test files against the rule files they name.</summary>
internal static class TestChecks
{
    public static void Run(AuthoredFiles files)
    {
        var known = files.Rules.Select(rules => rules.Source.Path).ToList();
        foreach (var test in files.Tests)
        {
            foreach (var (path, i) in test.ResolvedRuleFiles.Select((path, i) => (path, i)))
            {
                files.Expect(path, known, "rules", test.Source, (test.Source.At("rule_files", i), "TEST004", "rule file"));
            }
        }
    }
}
