using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rules;

/// <summary>A rule file as plain Prometheus rules, for rulers of Prometheus, Mimir or Thanos: without our additions, and with one label that says which rule an alert is of.</summary>
public static class PrometheusExport
{
    /// <summary>The label by which alerts that a foreign ruler sends find their rule again: <c>GROUP/RULE</c>.</summary>
    public const string RuleLabel = "orchestrator_rule";

    private const string Lost = "EXPO001";
    private const string Version = "EXPO002";

    private static readonly JsonSerializerOptions _quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the plain file, and a warning for everything that it cannot say.</summary>
    public static (string Text, ImmutableArray<Diagnostic> Warnings) Write(RuleFile file)
    {
        var text = new StringBuilder("groups:\n");
        var warnings = new DiagnosticList(file.Source.Path);
        for (var i = 0; i < file.Groups.Length; i++)
        {
            Group(file.Groups[i], text);
            Warn(file, i, warnings);
        }

        return (file.Groups.IsEmpty ? "groups: []\n" : text.ToString(), warnings.ToImmutable());
    }

    private static void Group(RuleGroup group, StringBuilder text)
    {
        Line(text, 1, "- name", Quoted(group.Name));
        Line(text, 2, "interval", Duration.Text(group.Interval ?? RuleGroup.DefaultInterval));
        if (group.QueryOffset != TimeSpan.Zero)
        {
            Line(text, 2, "query_offset", Duration.Text(group.QueryOffset));
        }

        if (group.Limit > 0)
        {
            Line(text, 2, "limit", group.Limit.ToString(CultureInfo.InvariantCulture));
        }

        text.Append(group.Rules.IsEmpty ? "    rules: []\n" : "    rules:\n");
        foreach (var rule in group.Rules)
        {
            Rule(group, rule, text);
        }
    }

    private static void Rule(RuleGroup group, Rule rule, StringBuilder text)
    {
        Line(text, 3, rule is Rules.Rule.Alerting ? "- alert" : "- record", Quoted(rule.Name));
        Line(text, 4, "expr", Quoted(rule.Expression.Text));
        var labels = group.Labels.Pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        if (rule is Rules.Rule.Recording recording)
        {
            Map(text, "labels", labels.SetItems(recording.Labels.Pairs));
            return;
        }

        var alerting = (Rule.Alerting)rule;
        Length(text, "for", alerting.For);
        Length(text, "keep_firing_for", alerting.KeepFiringFor);
        labels = group.Model is { } model && !labels.ContainsKey("model") ? labels.Add("model", ModelOr(model)) : labels;
        labels = labels.SetItems(alerting.Labels.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text)));
        Map(text, "labels", labels.SetItem(RuleLabel, $"{group.Name}/{rule.Name}"));
        Map(text, "annotations", alerting.Annotations.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text)));
    }

    /// <summary>The group's model is the label of alerts whose sample has none.</summary>
    private static string ModelOr(string model) => $"{{{{ if $labels.model }}}}{{{{ $labels.model }}}}{{{{ else }}}}{model}{{{{ end }}}}";

    private static void Warn(RuleFile file, int group, DiagnosticList warnings)
    {
        if (file.Groups[group].Lookback is not null)
        {
            warnings.Warning(file.Source.At("groups", group, "lookback"), Lost, "\"lookback\" is not exported: in Prometheus it is one for all rules", "--query.lookback-delta");
        }

        if (file.Groups[group].QueryOffset != TimeSpan.Zero)
        {
            warnings.Warning(file.Source.At("groups", group, "query_offset"), Version, "\"query_offset\" is known to Prometheus from 2.53 on");
        }

        for (var i = 0; i < file.Groups[group].Rules.Length; i++)
        {
            if (file.Groups[group].Rules[i] is Rule.Alerting alerting)
            {
                Warn(file.Source, alerting, ["groups", group, "rules", i], warnings);
            }
        }
    }

    private static void Warn(YamlFile source, Rule.Alerting rule, object[] path, DiagnosticList warnings)
    {
        void Say(string field, bool isLost, string instead)
        {
            if (isLost)
            {
                warnings.Warning(source.At([.. path, field]), Lost, $"\"{field}\" of {rule.Name} is not exported", instead);
            }
        }

        Say("clear", rule.Clear is not null, "the alert resolves as soon as its expression no longer holds");
        Say("no_data", rule.NoData != NoData.Resolve, "the alert resolves where there is no data");
        Say("measurements", rule.Measurements > 1, "the alert fires after \"for\" alone");
        Say("min_rows", rule.MinRows > 0, "samples count whatever they were measured on");
        Say("mode", rule.Mode == RuleMode.Shadow, "the alert is sent as any other");
    }

    private static void Length(StringBuilder text, string name, TimeSpan length)
    {
        if (length > TimeSpan.Zero)
        {
            Line(text, 4, name, Duration.Text(length));
        }
    }

    private static void Map(StringBuilder text, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var all = pairs.ToList();
        if (all.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"        {name}:\n");
        foreach (var (key, value) in all)
        {
            Line(text, 5, key, Quoted(value));
        }
    }

    private static void Line(StringBuilder text, int depth, string name, string value) =>
        text.Append(' ', 2 * depth).Append(name).Append(": ").Append(value).Append('\n');

    /// <summary>A JSON string is a double-quoted one of YAML.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text, _quoted);
}
