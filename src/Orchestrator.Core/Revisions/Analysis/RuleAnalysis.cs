using System.Collections.Immutable;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What rules mean together with the monitors, before there is any data.</summary>
internal static class RuleAnalysis
{
    public static void Run(AuthoredFiles files)
    {
        var series = new KnownSeries(files);
        var rules = AnalysedRule.All(files);
        var (values, conditions, labels) = (new ValueChecks(files, series), new ConditionChecks(files, series), new LabelChecks(files, series));
        foreach (var rule in rules)
        {
            values.Run(rule);
            conditions.Run(rule);
            labels.Run(rule);
        }

        // A group that is given twice is an error of its own.
        var first = rules.GroupBy(rule => rule.Group.Name).SelectMany(same => same.Where(rule => rule.Group == same.First().Group));
        new PairChecks(files, conditions).Run([.. first]);
        new FeedbackChecks(files, series).Run(rules);
    }

    /// <summary>What every rule that could be read stands for, in the order of the files.</summary>
    public static ImmutableArray<ExpandedRule> Expanded(AuthoredFiles files)
    {
        var series = new KnownSeries(files);
        return
        [
            .. AnalysedRule.All(files).Select(rule => new ExpandedRule(
                rule.File.Path, rule.NamePlace.Line, rule.Group.Name, rule.Rule.Name, rule.Rule.Expression.Root.ToString(),
                (rule.Rule as Rule.Alerting)?.Clear?.Root.ToString(), SeriesEstimate.Of(new Inference(series).Of(rule.Rule.Expression.Root).Labels).ToString())),
        ];
    }
}

/// <summary>A rule in plain PromQL.</summary>
/// <param name="Expr">What it holds by; of <c>when</c> what that stands for.</param>
/// <param name="Series">How many results it may have, such as <c>2 × class</c>.</param>
public sealed record ExpandedRule(string Path, int Line, string Group, string Rule, string Expr, string? Clear, string Series);
