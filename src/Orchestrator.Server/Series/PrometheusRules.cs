using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Evaluations;

namespace Orchestrator.Server.Series;

/// <summary>Rules and alerts in the shapes of Prometheus's API.</summary>
internal static class PrometheusRules
{
    public static Task RulesAsync(PrometheusRequest request)
    {
        var parameters = request.Parameters;
        var kind = parameters.Text("type");
        if (kind is not (null or "alert" or "record"))
        {
            throw PrometheusParameters.Bad("type", $"not supported value \"{kind}\"");
        }

        var names = parameters.Texts("rule_name[]");
        var groups = parameters.Texts("rule_group[]");
        var progress = Progress(request);
        var withAlerts = parameters.Text("exclude_alerts") is null or "false";
        var shown = (request.Node.Revisions.Current?.Groups ?? []).Where(group => request.Actor.Sees(group.Model)).Where(group => groups.IsEmpty || groups.Contains(group.Name))
            .Select(group => (Group: group, Rules: group.Rules.Where(rule => (names.IsEmpty || names.Contains(rule.Name)) && (kind is null || (kind == "alert") == rule is Rule.Alerting)).ToList()))
            .Where(shown => shown.Rules.Count > 0).ToList();
        return PrometheusJson.SuccessAsync(
            request.Http,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("groups");
                shown.ForEach(one => Group(json, one.Group, one.Rules, new GroupView(progress.GetValueOrDefault(one.Group.Name), withAlerts)));
                json.WriteEndArray();
                json.WriteEndObject();
            },
            PrometheusNotes.None);
    }

    public static Task AlertsAsync(PrometheusRequest request)
    {
        var alerts = Progress(request).OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.State.Alerts).Where(alert => request.Actor.Sees(alert.Labels["model"])).ToList();
        return PrometheusJson.SuccessAsync(
            request.Http,
            json =>
            {
                json.WriteStartObject();
                Alerts(json, alerts);
                json.WriteEndObject();
            },
            PrometheusNotes.None);
    }

    private static Dictionary<string, GroupProgress> Progress(PrometheusRequest request) =>
        request.Node.Database.Read(EvaluationStore.All).ToDictionary(progress => progress.Group, StringComparer.Ordinal);

    private static void Group(Utf8JsonWriter json, RuleGroup group, List<Rule> rules, GroupView view)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Name);
        json.WriteString("file", "");
        json.WriteStartArray("rules");
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var rule in group.Rules)
        {
            var number = numbers.GetValueOrDefault(rule.Name);
            numbers[rule.Name] = number + 1;
            if (rules.Contains(rule))
            {
                Write(json, rule, view.State.Rules.GetValueOrDefault($"{rule.Name}#{number}", RuleState.Empty), view);
            }
        }

        json.WriteEndArray();
        json.WriteNumber("interval", (group.Interval ?? RuleGroup.DefaultInterval).TotalSeconds);
        json.WriteNumber("limit", group.Limit);
        json.WriteNumber("evaluationTime", 0);
        json.WriteString("lastEvaluation", Instant(view.AsOf));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Rule rule, RuleState state, GroupView view)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("query", rule.Expression.Text);
        if (rule is Rule.Alerting alerting)
        {
            Write(json, alerting, state, view);
        }
        else
        {
            json.WritePropertyName("labels");
            PrometheusJson.Labels(json, ((Rule.Recording)rule).Labels);
        }

        json.WriteString("health", state.Health.At == 0 ? "unknown" : state.Health.IsError ? "err" : "ok");
        if (state.Health.Error is { } error)
        {
            json.WriteString("lastError", error);
        }

        json.WriteNumber("evaluationTime", 0);
        json.WriteString("lastEvaluation", Instant(state.Health.At == 0 ? null : state.Health.At));
        json.WriteString("type", rule is Rule.Alerting ? "alerting" : "recording");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Rule.Alerting rule, RuleState state, GroupView view)
    {
        var highest = state.Alerts.Select(alert => alert.State).DefaultIfEmpty(AlertState.Inactive).Max();
        json.WriteString("state", Word(highest));
        json.WriteNumber("duration", rule.For.TotalSeconds);
        json.WriteNumber("keepFiringFor", rule.KeepFiringFor.TotalSeconds);
        json.WritePropertyName("labels");
        PrometheusJson.Pairs(json, rule.Labels.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text)));
        json.WritePropertyName("annotations");
        PrometheusJson.Pairs(json, rule.Annotations.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text)));
        if (view.WithAlerts)
        {
            Alerts(json, state.Alerts);
        }
    }

    private static void Alerts(Utf8JsonWriter json, IEnumerable<Alert> alerts)
    {
        json.WriteStartArray("alerts");
        foreach (var alert in alerts)
        {
            json.WriteStartObject();
            json.WritePropertyName("labels");
            PrometheusJson.Labels(json, alert.Labels);
            json.WritePropertyName("annotations");
            PrometheusJson.Pairs(json, alert.Annotations);
            json.WriteString("state", Word(alert.State));
            json.WriteString("activeAt", Instant(alert.ActiveAt));
            if (alert.ReleasedAt is { } released)
            {
                json.WriteString("keepFiringSince", Instant(released));
            }

            json.WriteString("value", PrometheusNumber.WithExponent(alert.Value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(AlertState state) => state.ToString().ToLowerInvariant();

    /// <summary>RFC 3339; the year 1 stands for never, as in Go.</summary>
    private static string Instant(long? micros) => (micros?.ToInstant() ?? DateTimeOffset.MinValue).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private sealed record GroupView(GroupProgress? Progress, bool WithAlerts)
    {
        public RuleGroupState State => Progress?.State ?? RuleGroupState.Empty;

        public long? AsOf => Progress?.AsOf.ToMicros();
    }
}
