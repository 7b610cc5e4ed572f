using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>Cycles rule → fix → metric → rule that nothing slows: no person approves, nothing cools down, nothing limits how many.</summary>
internal sealed class FeedbackChecks(AuthoredFiles files, KnownSeries series)
{
    public void Run(ImmutableArray<AnalysedRule> rules)
    {
        var free = rules.Where(IsFree).ToList();
        var reads = free.ToDictionary(rule => rule, rule => Read(rule.Rule.Expression.Root, []).ToList());
        var next = free.ToDictionary(rule => rule, rule => Edges(rule, reads));
        var told = new HashSet<AnalysedRule>();
        foreach (var rule in free.Where(rule => !told.Contains(rule)))
        {
            if (Way(rule, next) is { } way)
            {
                told.UnionWith(way.Select(step => step.Rule));
                var text = string.Join(" → ", way.Select(step => $"{step.Rule.Rule.Name} → {step.Rule.Alert!.Then!.Workflow} → {step.Metric}").Append(rule.Rule.Name));
                files.Warning(rule.File, rule.File.At([.. rule.Path, "then"]), "RULE213", $"fixes may start each other without end: {text}", "allowed: approval: required, a cooldown, or limits: {fixes: …} in one of the rules");
            }
        }
    }

    private static bool IsFree(AnalysedRule rule) =>
        rule.Alert is { Mode: RuleMode.Active, Then: { Approval: FixApproval.Auto, Limits: { Fixes: null, Labels: null } } then } && then.Cooldown == TimeSpan.Zero;

    /// <summary>The shortest way from a rule back to itself; null where there is none.</summary>
    private static List<(AnalysedRule Rule, string Metric)>? Way(AnalysedRule start, Dictionary<AnalysedRule, List<(AnalysedRule Rule, string? Metric)>> next)
    {
        var reached = new HashSet<AnalysedRule>();
        var ways = new Queue<(AnalysedRule At, ImmutableList<(AnalysedRule, string)> Steps)>([(start, [])]);
        while (ways.TryDequeue(out var way))
        {
            foreach (var (rule, metric) in next[way.At])
            {
                var steps = way.Steps.Add((way.At, metric!));
                if (rule == start)
                {
                    return [.. steps];
                }

                if (reached.Add(rule))
                {
                    ways.Enqueue((rule, steps));
                }
            }
        }

        return null;
    }

    /// <summary>The rules that read a metric which the fix of a rule moves.</summary>
    private List<(AnalysedRule Rule, string? Metric)> Edges(AnalysedRule start, Dictionary<AnalysedRule, List<string>> reads)
    {
        var touched = Touched.By(files, start.Alert!.Then!.Workflow);
        return
        [
            .. from reader in reads
               where start.Group.Model is null || reader.Key.Group.Model is null || start.Group.Model == reader.Key.Group.Model
               let moved = reader.Value.Find(name => MetricCatalog.Find(name) is { } metric && Touched.Of(metric.Kind) is { } kind && touched.Contains(kind))
               where moved is not null
               select (reader.Key, (string?)moved),
        ];
    }

    /// <summary>The series that an expression reads, and those that the series it reads are recorded from.</summary>
    private IEnumerable<string> Read(Expr expr, HashSet<string> seen)
    {
        foreach (var name in Selectors(expr).Select(selector => selector.Metric).OfType<string>().Where(seen.Add).ToList())
        {
            yield return name;
            foreach (var source in series.Recording(name).SelectMany(rule => Read(rule.Expression.Root, seen)))
            {
                yield return source;
            }
        }
    }

    private static IEnumerable<Expr.Selector> Selectors(Expr expr) => expr is Expr.Selector selector ? [selector] : expr.Children.SelectMany(Selectors);
}
