using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>The conditions of one rule against each other: those that contradict, that meet on labels which differ, and a <c>clear</c> or <c>verify</c> that says nothing of its own.</summary>
internal sealed class ConditionChecks(AuthoredFiles files, KnownSeries series)
{
    public void Run(AnalysedRule rule)
    {
        if (rule.Alert is not { } alert)
        {
            return;
        }

        var parts = rule.Parts.ToList();
        var conditions = Of(parts);
        Contradictions(rule, conditions);
        Listed(rule, [.. parts.Where(part => part.Path.Contains("when"))]);
        foreach (var part in parts)
        {
            Removed(rule, part);
        }

        if (conditions is [var only] && !only.Allowed.IsEmpty)
        {
            Clear(rule, only, parts.Find(part => part.Path[^1] is "clear"));
            Verified(rule, only, parts.Find(part => alert.Then?.Verify is not null && part.Path.Contains("verify")));
        }
    }

    /// <summary>What the alert holds by: those of <c>expr</c>, or of each entry of <c>when</c>, which meet the first on <c>model</c>.</summary>
    public List<Condition> Of(IEnumerable<RulePart> parts) =>
        [.. parts.Where(part => part.IsCondition).SelectMany((part, i) => Condition.Of(part, series, i == 0 ? null : ["model"]))];

    private void Contradictions(AnalysedRule rule, List<Condition> conditions)
    {
        foreach (var same in conditions.GroupBy(condition => condition.Key).Where(group => group.Count() > 1))
        {
            var first = same.First();
            var left = first.Allowed;
            foreach (var condition in same.Skip(1).Where(condition => condition.IsSameSeries && !condition.Allowed.IsEmpty))
            {
                var rest = left.And(condition.Allowed);
                if (rest.IsEmpty && !left.IsEmpty)
                {
                    files.Warning(rule.File, rule.Within(condition.Part, condition.Span), "RULE207", $"\"{rule.Rule.Name}\" never fires: this and an earlier condition on \"{condition.Key}\" cannot both hold", "allowed: conditions that can hold together");
                }

                left = rest;
            }
        }
    }

    /// <summary>Further entries of <c>when</c> meet the first on the label <c>model</c>.</summary>
    private void Listed(AnalysedRule rule, List<RulePart> entries)
    {
        foreach (var entry in entries.Skip(1))
        {
            var (first, other) = (new Inference(series).Of(entries[0].Root), new Inference(series).Of(entry.Root));
            if (!first.IsEmpty && !other.IsEmpty && !first.Labels["model"].CanEqual(other.Labels["model"]))
            {
                files.Error(
                    rule.File, rule.Within(entry, entry.Root.Span), "RULE205",
                    $"the conditions of \"when\" meet on the label model: the first has {first.Labels["model"].Said("model")}, this one {other.Labels["model"].Said("model")}",
                    "allowed: conditions of one model, or \"expr\" with \"and on (…)\"");
            }
        }
    }

    /// <summary><c>x &gt; 5 unless x &gt; 3</c>: what is left is removed.</summary>
    private void Removed(AnalysedRule rule, RulePart part)
    {
        foreach (var unless in All(part.Root).OfType<Expr.Binary>().Where(binary => binary is { Op: BinaryOp.Unless, Matching.IsDefault: true }))
        {
            var left = Condition.Of(part with { Root = unless.Left }, series).ToList();
            if (Condition.Of(part with { Root = unless.Right }, series).ToList() is [var right]
                && left.Exists(condition => condition.Key == right.Key && condition.IsSameSeries && !condition.Allowed.IsEmpty && right.Allowed.Covers(condition.Allowed)))
            {
                files.Warning(rule.File, rule.Within(part, unless.OperatorSpan), "RULE207", $"\"unless\" removes all that its left side gives: \"{unless.Right}\" holds whenever \"{unless.Left}\" does", "allowed: a right side that does not always hold");
            }
        }
    }

    private void Clear(AnalysedRule rule, Condition only, RulePart? part)
    {
        if (part is null || Condition.Of(part, series).ToList() is not [var clear] || clear.Key != Scoped(rule, only).Key)
        {
            return;
        }

        var natural = only.Facts.Value;
        var below = natural.And(Interval.Between(double.NegativeInfinity, Math.BitDecrement(only.Allowed.Low)));
        var above = natural.And(Interval.Between(Math.BitIncrement(only.Allowed.High), double.PositiveInfinity));
        if (clear.Allowed.Covers(below) && clear.Allowed.Covers(above))
        {
            files.Warning(rule.File, rule.Within(part, part.Root.Span), "RULE208", "\"clear\" holds as soon as the condition does not, so it changes nothing", "allowed: bounds that leave a gap to the condition's, or no clear");
        }
    }

    private void Verified(AnalysedRule rule, Condition only, RulePart? part)
    {
        if (part is null || Condition.Of(part, series).ToList() is not [var verify] || verify.Key != Scoped(rule, only).Key || only.Allowed == Interval.Any)
        {
            return;
        }

        if (!verify.Allowed.And(only.Allowed).IsEmpty)
        {
            files.Warning(rule.File, rule.Within(part, part.Root.Span), "RULE209", $"a fix may count as verified while \"{rule.Rule.Name}\" still holds: both are true of some values of \"{verify.Key}\"", "allowed: a verification that fails while the condition holds");
        }
    }

    /// <summary><c>clear</c> and <c>verify</c> are of the group's model; so is a condition that is compared with them.</summary>
    private Condition Scoped(AnalysedRule rule, Condition only) =>
        rule.Group.Model is { } model && Condition.Of(only.Part with { Root = Scope.To(model, only.Part.Root) }, series).ToList() is [var scoped] ? scoped : only;

    private static IEnumerable<Expr> All(Expr expr) => expr.Children.SelectMany(All).Prepend(expr);
}
