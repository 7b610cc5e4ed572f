using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Rules;

/// <summary>The rules in force with their health, and the alerts that they raise.</summary>
internal static class RuleEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/rules").WithTags("rules");
        rules.MapGet("/", List).Needs(Role.Viewer, About.Shown).WithSummary("Rules of the revision in force, with their health.");
        rules.MapGet("/alerts", Alerts).Needs(Role.Viewer, About.Shown).WithSummary("Alerts that are pending or firing.");
        routes.MapBacktests();
    }

    private static Ok<List<RuleLine>> List(Node node, ClaimsPrincipal user)
    {
        var states = States(node);
        var groups = (node.Revisions.Current?.Groups ?? []).Where(group => user.Actor().Sees(group.Model));
        return TypedResults.Ok(groups.SelectMany(group => RuleLine.Of(group, states.GetValueOrDefault(group.Name, RuleGroupState.Empty))).ToList());
    }

    private static Ok<List<AlertLine>> Alerts(Node node, ClaimsPrincipal user) =>
        TypedResults.Ok(States(node).OrderBy(state => state.Key, StringComparer.Ordinal).SelectMany(state => state.Value.Alerts.Where(alert => user.Actor().Sees(alert.Labels["model"])).Select(alert => AlertLine.Of(state.Key, alert))).ToList());

    private static Dictionary<string, RuleGroupState> States(Node node) =>
        node.Database.Read(EvaluationStore.All).ToDictionary(progress => progress.Group, progress => progress.State, StringComparer.Ordinal);
}

/// <summary>A rule as one line of a list.</summary>
/// <param name="Workflow">What it proposes; absent where it only alerts or records.</param>
/// <param name="Error">Why it could not be evaluated; absent where it could.</param>
public sealed record RuleLine(string Group, string Rule, string Kind, string Expression, string? Workflow, string? Owner, int Pending, int Firing, string? Error)
{
    internal static IEnumerable<RuleLine> Of(RuleGroup group, RuleGroupState state)
    {
        var alerts = state.Alerts.ToLookup(alert => alert.Labels["alertname"], StringComparer.Ordinal);
        return group.Rules.Select(rule => Of(group, rule, [.. alerts[rule.Name]], state));
    }

    private static RuleLine Of(RuleGroup group, Rule rule, ImmutableArray<Alert> alerts, RuleGroupState state)
    {
        var alerting = rule as Rule.Alerting;
        var error = state.Rules.FirstOrDefault(one => one.Key.StartsWith(rule.Name + "#", StringComparison.Ordinal) && one.Value.Health.IsError).Value?.Health.Error;
        return new(
            group.Name, rule.Name, alerting is null ? "recording" : "alerting", rule.Expression.Text, alerting?.Then?.Workflow, alerting?.Owner,
            alerts.Count(alert => alert.State == AlertState.Pending), alerts.Count(alert => alert.State == AlertState.Firing), error);
    }
}

/// <summary>An alert as one line of a list.</summary>
/// <param name="Summary">The rendered annotation of that name; absent where the rule has none.</param>
public sealed record AlertLine(
    string Group, string Rule, string State, string? Severity, Labels Labels, double Value, DateTimeOffset ActiveAt, string? Summary)
{
    internal static AlertLine Of(string group, Alert alert) => new(
        group,
        alert.Labels["alertname"],
        alert.State.ToString().ToLowerInvariant(),
        alert.Labels["severity"] is { Length: > 0 } severity ? severity : null,
        alert.Labels,
        alert.Value,
        alert.ActiveAt.ToInstant(),
        alert.Annotations.GetValueOrDefault("summary"));
}
