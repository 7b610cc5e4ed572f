using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>Rules against each other: one that another makes superfluous, two whose fixes pull at the same model, two that record the same series.</summary>
internal sealed class PairChecks(AuthoredFiles files, ConditionChecks conditions)
{
    public void Run(ImmutableArray<AnalysedRule> rules)
    {
        Recorded(rules);
        // Rules that share no first condition can't imply each other.
        var alerts = rules.Where(rule => rule.Alert is not null).Select(Holding.Of(conditions)).Where(holding => holding.Conditions.Count > 0).ToList();
        foreach (var same in alerts.GroupBy(holding => (holding.Rule.Group.Model, holding.Conditions[0].Key)).Where(group => group.Count() > 1))
        {
            var list = same.ToList();
            foreach (var (holding, i) in list.Select((holding, i) => (holding, i)))
            {
                Against(holding, [.. list.Where((_, other) => other != i).Where(other => holding.Implies(other) && (!other.Implies(holding) || list.IndexOf(other) < i))]);
            }
        }
    }

    /// <summary>A rule against those that hold whenever it does.</summary>
    private void Against(Holding narrow, IReadOnlyList<Holding> wider)
    {
        if (wider.FirstOrDefault(other => Adds(narrow, other) is false) is { } shadow)
        {
            files.Warning(narrow.Rule.File, narrow.Rule.NamePlace, "RULE210", $"\"{narrow.Rule.Rule.Name}\" adds nothing: {At(shadow)} fires whenever it does, with the same labels and the same fix", "allowed: a narrower other rule, labels or a fix of its own, or no such rule");
        }

        if (wider.FirstOrDefault(other => Pulls(narrow, other)) is { } rival)
        {
            files.Warning(
                narrow.Rule.File, narrow.Rule.File.At([.. narrow.Rule.Path, "then"]), "RULE211",
                $"{At(rival)} fires whenever \"{narrow.Rule.Rule.Name}\" does and changes the same model or dataset by another workflow with the same priority", "allowed: another priority, or inhibited_by in one of the two");
        }
    }

    private static bool Adds(Holding narrow, Holding wider)
    {
        var (own, other) = (narrow.Rule.Alert!, wider.Rule.Alert!);
        var isSlower = own.For >= other.For && own.Measurements >= other.Measurements && own.MinRows >= other.MinRows && own.KeepFiringFor <= other.KeepFiringFor;
        var same = own.Labels.Select(Text).SequenceEqual(other.Labels.Select(Text)) && own.Mode == other.Mode && own.NoData == other.NoData
            && narrow.Rule.Group.Labels == wider.Rule.Group.Labels && own.Clear?.Root.ToString() == other.Clear?.Root.ToString() && SameFix(own.Then, other.Then);
        var sameGroup = (narrow.Rule.Group.Interval ?? RuleGroup.DefaultInterval) >= (wider.Rule.Group.Interval ?? RuleGroup.DefaultInterval);
        return !(isSlower && same && sameGroup && own.Name.Length > 0 && SameAnnotations(own, other));
    }

    /// <summary>Two texts for people are two messages; only identical ones, or rules that propose a fix, are one too many.</summary>
    private static bool SameAnnotations(Rule.Alerting own, Rule.Alerting other) => own.Then is not null || (own.Name == other.Name && own.Annotations.Select(Text).SequenceEqual(other.Annotations.Select(Text)));

    private static (string, string) Text(KeyValuePair<string, Template> pair) => (pair.Key, pair.Value.Text);

    private static bool SameFix(FixTemplate? own, FixTemplate? other) =>
        own?.Workflow == other?.Workflow && (own is null || other is null || (own.Approval == other.Approval && own.Dedup.SequenceEqual(other.Dedup) && Inputs(own).SequenceEqual(Inputs(other))));

    private static IEnumerable<(string, string)> Inputs(FixTemplate fix) => fix.Inputs.Select(pair => (pair.Key, JsonSerializer.Serialize(pair.Value)));

    private bool Pulls(Holding narrow, Holding wider)
    {
        var (own, other) = (narrow.Rule.Alert!, wider.Rule.Alert!);
        return own is { Mode: RuleMode.Active, Then: { } mine } && other is { Mode: RuleMode.Active, Then: { } theirs }
            && mine.Workflow != theirs.Workflow && mine.Priority == theirs.Priority
            && !mine.InhibitedBy.Contains(other.Name) && !theirs.InhibitedBy.Contains(own.Name)
            && Touched.By(files, mine.Workflow).Overlaps(Touched.By(files, theirs.Workflow));
    }

    private void Recorded(ImmutableArray<AnalysedRule> rules)
    {
        foreach (var same in rules.Where(rule => rule.Rule is Rule.Recording)
            .GroupBy(rule => (rule.Rule.Name, ((Rule.Recording)rule.Rule).Labels, rule.Rule.Expression.Root.ToString())).Where(group => group.Count() > 1))
        {
            foreach (var rule in same.Skip(1))
            {
                files.Warning(rule.File, rule.NamePlace, "RULE212", $"{Where(same.First())} records the same series by the same expression already", "allowed: each series recorded once");
            }
        }
    }

    private static string At(Holding other) => $"\"{other.Rule.Rule.Name}\" in {Where(other.Rule)}";

    private static string Where(AnalysedRule rule) => $"{rule.File.Path}:{rule.NamePlace.Line}";

    /// <summary>A rule with what it holds by.</summary>
    private sealed record Holding(AnalysedRule Rule, List<Condition> Conditions)
    {
        public static Func<AnalysedRule, Holding> Of(ConditionChecks checks) => rule => new(rule, checks.Of(rule.Parts));

        /// <summary>Whenever this holds, the other does: for each of its conditions there is one of ours that is as narrow.</summary>
        public bool Implies(Holding other) =>
            other.Conditions.TrueForAll(condition => Conditions.Exists(own => own.Identity == condition.Identity && (condition.Allowed == Interval.Any || (condition.Allowed.Covers(own.Allowed) && (condition.Allowed.MayBeNaN || !own.Allowed.MayBeNaN)))))
            && Conditions.TrueForAll(condition => !condition.Allowed.IsEmpty);
    }
}
