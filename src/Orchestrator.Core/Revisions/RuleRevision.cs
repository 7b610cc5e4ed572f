using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions.Analysis;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Revisions;

/// <summary>All authored files of one moment, read and checked against each other; what comes into force as a whole or not at all.</summary>
/// <param name="Hash">SHA-256 of paths and texts: the same files are the same revision, wherever they come from.</param>
/// <param name="Models">By name.</param>
/// <param name="Monitors">By name.</param>
/// <param name="Groups">In the order of the files' paths and of the files.</param>
/// <param name="Workflows">By definition id.</param>
/// <param name="Tests">By path.</param>
public sealed record RuleRevision(
    string Hash,
    ImmutableSortedDictionary<string, ModelFile> Models,
    ImmutableSortedDictionary<string, MonitorFile> Monitors,
    ImmutableArray<RuleGroup> Groups,
    ImmutableSortedDictionary<string, WorkflowDefinition> Workflows,
    ImmutableSortedDictionary<string, RuleTestFile> Tests)
{
    /// <summary>Reads and checks files by path; no revision if there is any error, everything there is to say in the order of paths and places.</summary>
    /// <param name="texts">Text by path, relative to the rules source, with forward slashes.</param>
    /// <param name="operatorFile">Where it is known, names of connections, runners and groups are checked too.</param>
    public static Parsed<RuleRevision> Check(IReadOnlyDictionary<string, string> texts, OperatorFile? operatorFile = null)
    {
        var files = AuthoredFiles.Read(texts, operatorFile);
        ClassesFile.Run(files);
        DuplicateChecks.Run(files);
        ModelChecks.Run(files);
        MonitorChecks.Run(files);
        ExpressionChecks.Run(files);
        ThenChecks.Run(files);
        TestChecks.Run(files);
        RuleAnalysis.Run(files);
        var diagnostics = files.Sorted();
        var failed = diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
        return new(failed ? null : Of(files, HashOf(texts)), diagnostics);
    }

    /// <summary>What the rules of some files stand for in plain PromQL; files that cannot be read give none.</summary>
    public static ImmutableArray<ExpandedRule> Expand(IReadOnlyDictionary<string, string> texts) => RuleAnalysis.Expanded(AuthoredFiles.Read(texts, null));

    private static RuleRevision Of(AuthoredFiles files, string hash) => new(
        hash,
        files.Models.ToImmutableSortedDictionary(model => model.Name, model => model, StringComparer.Ordinal),
        files.Monitors.ToImmutableSortedDictionary(monitor => monitor.Name, monitor => monitor, StringComparer.Ordinal),
        [.. files.Rules.SelectMany(rules => rules.Groups)],
        files.Workflows.ToImmutableSortedDictionary(workflow => workflow.DefinitionId, workflow => workflow, StringComparer.Ordinal),
        files.Tests.ToImmutableSortedDictionary(test => test.Source.Path, test => test, StringComparer.Ordinal));

    private static string HashOf(IReadOnlyDictionary<string, string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, text) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // Lengths keep apart what concatenation would join.
            hash.AppendData(Encoding.UTF8.GetBytes($"{path.Length}:{path}{text.Length}:{text}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
