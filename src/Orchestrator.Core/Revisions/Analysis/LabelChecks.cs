using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>Labels that a rule sets over those that tell its results apart.</summary>
internal sealed class LabelChecks(AuthoredFiles files, KnownSeries series)
{
    public void Run(AnalysedRule rule)
    {
        var facts = new Inference(series).Of(rule.Rule.Expression.Root);
        foreach (var (label, text, place) in Set(rule))
        {
            if (IsTelling(facts.Labels[label]) && !text.Contains("$labels", StringComparison.Ordinal) && !text.Contains("$value", StringComparison.Ordinal))
            {
                files.Warning(
                    rule.File, place, "RULE214", $"results that differ only in \"{label}\" have the same labels after this, and the rule fails with more than one of them: the expression has {facts.Labels[label].Said(label)}",
                    "allowed: a label of another name, or an expression without this label, as by \"sum without\"");
            }
        }

        Bounded(rule, facts);
    }

    private void Bounded(AnalysedRule rule, Facts facts)
    {
        if (rule.Group.Limit > 0 && SeriesEstimate.Of(facts.Labels) is { Unknown.IsEmpty: true, Known: var count } && count > rule.Group.Limit)
        {
            files.Warning(
                rule.File, rule.NamePlace, "RULE215", $"\"{rule.Rule.Name}\" may give {count} results, the group's limit is {rule.Group.Limit}: above it the rule fails", "allowed: a higher limit, or an expression with fewer results");
        }
    }

    /// <summary>More than one value is sure to be possible.</summary>
    private static bool IsTelling(LabelValues values) => values is { MayBeAbsent: false, Values: null or { Count: > 1 } };

    private static IEnumerable<(string Label, string Text, Place Place)> Set(AnalysedRule rule) => rule.Rule switch
    {
        Rule.Alerting alert => alert.Labels.Select(pair => (pair.Key, pair.Value.Text, rule.File.At([.. rule.Path, "labels", pair.Key]))),
        Rule.Recording recording => recording.Labels.Pairs.Select(pair => (pair.Key, pair.Value, rule.File.At([.. rule.Path, "labels", pair.Key]))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
