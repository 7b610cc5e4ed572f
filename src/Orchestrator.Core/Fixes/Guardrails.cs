using System.Collections.Immutable;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Fixes;

/// <summary>Limits within which a rule may have fixes; null means no limit.</summary>
/// <param name="Cooldown">Time from the end of the last fix of the same key.</param>
/// <param name="FixesPerPeriod">Fixes of the rule that may start in a sliding period.</param>
/// <param name="LabelsPerPeriod">Labels that the rule's fixes may ask for in a sliding period.</param>
/// <param name="MaxRowsShare">Largest share of a dataset's rows, 0 to 1, that one fix may change.</param>
/// <param name="InhibitedBy">Alerts that, while firing for the same model, hold the rule's fixes back.</param>
public sealed record FixLimits(
    TimeSpan Cooldown, PeriodLimit? FixesPerPeriod, PeriodLimit? LabelsPerPeriod, double? MaxRowsShare, ImmutableArray<string> InhibitedBy)
{
    /// <summary>The limits of a rule's <c>then</c>.</summary>
    public static FixLimits Of(FixTemplate then) => new(then.Cooldown, Period(then.Limits.Fixes), Period(then.Limits.Labels), then.Limits.MaxRowsShare, then.InhibitedBy);

    private static PeriodLimit? Period(Diagnostics.Budget? budget) => budget is { } known ? new PeriodLimit(known.Count, known.Per) : null;
}

/// <summary>At most so many in any span of this length.</summary>
public sealed record PeriodLimit(int Count, TimeSpan Period);

/// <summary>A fix that was opened before, as the guardrails see it.</summary>
public sealed record PastFix(string Rule, string? Model, string DedupKey, FixState State, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, int LabelBudget);

/// <summary>What the guardrails look at.</summary>
/// <param name="Past">Open and ended fixes, in any order.</param>
/// <param name="Firing">Names of the alerts that fire for the model.</param>
/// <param name="Stopped">Whether the kill switch is on.</param>
public sealed record GuardrailContext(ImmutableArray<PastFix> Past, ImmutableArray<string> Firing, bool Stopped)
{
    /// <summary>When a person last said that fixes of the key may be tried again; fixes before do not trip the breaker.</summary>
    public DateTimeOffset? BreakerReset { get; init; }
}

/// <summary>Holds fixes back before they are proposed and again before they start.</summary>
public static class Guardrails
{
    /// <summary>Failed fixes in a row after which a rule waits for a person.</summary>
    public const int BreakerLimit = 3;

    /// <summary>Why a fix may not be opened or started now; null where nothing speaks against it.</summary>
    /// <param name="labels">Labels that the fix may ask for.</param>
    public static string? Objection(FixCommand.Open fix, int labels, FixLimits limits, GuardrailContext context)
    {
        var others = context.Past.Where(past => past.DedupKey != fix.DedupKey || Fix.IsFinal(past.State)).ToList();
        return Stopped(context)
            ?? OpenAlready(fix, context)
            ?? Inhibited(limits.InhibitedBy, context)
            ?? Breaker(fix, others, context.BreakerReset)
            ?? Cooldown(fix, limits, others)
            ?? TooMany(fix, limits.FixesPerPeriod, others)
            ?? TooManyLabels(fix, labels, limits.LabelsPerPeriod, others);
    }

    /// <summary>Why an approved fix has to wait before it starts: what held since it was opened may hold no more, or another one works on the same model.</summary>
    public static string? StartObjection(Fix fix, GuardrailContext context, DateTimeOffset now)
    {
        var busy = context.Past.FirstOrDefault(past =>
            past.Model is not null && past.Model == fix.Model && past.DedupKey != fix.DedupKey
            && past.State is FixState.Running or FixState.Verifying or FixState.Compensating);
        return Stopped(context) ?? Inhibited(fix.Terms.InhibitedBy, context) ?? OutsideHours(fix.Terms.Hours, now) ?? (busy is null ? null : $"another fix of the model {fix.Model} is at work (rule {busy.Rule})");
    }

    private static string? Stopped(GuardrailContext context) => context.Stopped ? "the kill switch is on" : null;

    private static string? OpenAlready(FixCommand.Open fix, GuardrailContext context) =>
        context.Past.Any(past => past.DedupKey == fix.DedupKey && !Fix.IsFinal(past.State)) ? "a fix for the same thing is open" : null;

    /// <summary>Why nothing may begin at an instant; null within the hours, or where there are none.</summary>
    public static string? OutsideHours(ActiveHours? hours, DateTimeOffset now) => hours?.Contains(now) == false ? $"outside of the active hours {hours}" : null;

    private static string? Inhibited(ImmutableArray<string> inhibitedBy, GuardrailContext context)
    {
        var by = inhibitedBy.FirstOrDefault(alert => context.Firing.Contains(alert, StringComparer.Ordinal));
        return by is null ? null : $"inhibited by the alert {by}";
    }

    private static string? Breaker(FixCommand.Open fix, List<PastFix> past, DateTimeOffset? reset)
    {
        var last = past.Where(p => p.DedupKey == fix.DedupKey && p.State is FixState.Succeeded or FixState.Failed or FixState.Compensated && (reset is null || p.OpenedAt > reset))
            .OrderByDescending(p => p.OpenedAt).Take(BreakerLimit).ToList();
        return last.Count == BreakerLimit && last.TrueForAll(p => p.State is FixState.Failed or FixState.Compensated)
            ? $"the last {BreakerLimit} fixes did not help: a person has to look"
            : null;
    }

    private static string? Cooldown(FixCommand.Open fix, FixLimits limits, List<PastFix> past)
    {
        var ended = past.Where(p => p.DedupKey == fix.DedupKey && p.State != FixState.Superseded).Max(p => p.EndedAt);
        return ended is { } end && fix.At < end + limits.Cooldown ? $"cooling down until {end + limits.Cooldown:u}" : null;
    }

    private static string? TooMany(FixCommand.Open fix, PeriodLimit? limit, List<PastFix> past) =>
        limit is not null && past.Count(p => p.Rule == fix.Rule && p.OpenedAt > fix.At - limit.Period) >= limit.Count
            ? $"the limit of {limit.Count} fixes in {limit.Period} is reached"
            : null;

    private static string? TooManyLabels(FixCommand.Open fix, int labels, PeriodLimit? limit, List<PastFix> past) =>
        limit is not null && labels + past.Where(p => p.Rule == fix.Rule && p.OpenedAt > fix.At - limit.Period).Sum(p => (long)p.LabelBudget) > limit.Count
            ? $"the limit of {limit.Count} labels in {limit.Period} is reached"
            : null;
}
