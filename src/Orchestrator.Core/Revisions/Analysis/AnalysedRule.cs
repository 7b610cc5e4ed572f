using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>A rule with its group, its place, and its expressions as their author wrote them.</summary>
/// <param name="path">Of the rule in its file.</param>
internal sealed class AnalysedRule(RuleFile rules, RuleGroup group, Rule rule, object[] path)
{
    private List<RulePart>? _parts;

    public YamlFile File => rules.Source;

    public RuleGroup Group => group;

    public Rule Rule => rule;

    public object[] Path => path;

    public Rule.Alerting? Alert => Rule as Rule.Alerting;

    public Place NamePlace => File.At([.. Path, Rule is Rule.Alerting ? "alert" : "record"]);

    /// <summary>Those of <c>when</c>, <c>clear</c> and <c>verify</c> are of the group's model.</summary>
    public IReadOnlyList<RulePart> Parts => _parts ??=
        [.. RuleParts.Of(File, Path).Select(part => Group.Model is { } model && !IsPlain(part) ? part with { Root = Scope.To(model, part.Root) } : part)];

    public Place Within(RulePart part, Span span) => File.Within(span.Offset, part.Path);

    public static ImmutableArray<AnalysedRule> All(AuthoredFiles files) =>
        [
            .. from rules in files.Rules
               from i in Enumerable.Range(0, rules.Groups.Length)
               where IsWhole(rules, i)
               from j in Enumerable.Range(0, rules.Groups[i].Rules.Length)
               select new AnalysedRule(rules, rules.Groups[i], rules.Groups[i].Rules[j], ["groups", i, "rules", j]),
        ];

    /// <summary>Where a rule could not be read, the numbers of those after it are not those of the file; such a file has no value, so this only guards.</summary>
    private static bool IsWhole(RuleFile rules, int group) =>
        rules.Source.Node("groups", group, "rules") is not YamlNode.Sequence list || list.Items.Length == rules.Groups[group].Rules.Length;

    private static bool IsPlain(RulePart part) => part.Path[^1] is "expr" && !part.Path.Contains("then");
}
