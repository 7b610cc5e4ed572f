using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What the alerts of a rule are called and say.</summary>
internal sealed class AlertNaming(RuleGroup group, Rule.Alerting rule)
{
    public RuleGroup Group => group;

    public Rule.Alerting Rule => rule;

    /// <summary>Whether the labels of an alert follow from those of its sample alone, the metric's name aside.</summary>
    public bool IsStatic { get; } = rule.Labels.Values.All(template => template.IsOfLabelsOnly && !template.Text.Contains(Labels.NameLabel, StringComparison.Ordinal));

    /// <summary>What is done to the labels of samples.</summary>
    public LabelWrites Writes { get; } = new([.. rule.Labels.Keys, .. group.Labels.Pairs.Select(pair => pair.Key), "alertname"], group.Model is null ? null : "model");

    /// <summary>Whether annotations can be rendered later than the alert was seen.</summary>
    public bool IsDeferrable { get; } = rule.Annotations.Values.All(template => template.IsOfAlertOnly);

    public Alert Alert(Labels sample, double value, RuleRun run)
    {
        var data = run.Data(Scoped(sample), value);
        return new(LabelsOf(data), sample.Without(Labels.NameLabel), AlertState.Pending, run.AsOf)
        {
            Value = value,
            Annotations = AnnotationsOf(data),
        };
    }

    /// <summary>The labels of an alert, where they are static.</summary>
    public Labels LabelsOf(Labels sample) => LabelsOf(Timeless(sample, double.NaN));

    /// <summary>The annotations of an alert, where they are deferrable.</summary>
    public ImmutableSortedDictionary<string, string> AnnotationsOf(Labels sample, double value) => AnnotationsOf(Timeless(sample, value));

    private Labels LabelsOf(TemplateData data)
    {
        var labels = group.Labels.Pairs.Aggregate(data.Labels.Without(Labels.NameLabel), (all, pair) => all.With(pair.Key, pair.Value));
        return rule.Labels.Aggregate(labels, (all, pair) => all.With(pair.Key, pair.Value.Render(data))).With("alertname", rule.Name);
    }

    private ImmutableSortedDictionary<string, string> AnnotationsOf(TemplateData data) =>
        rule.Annotations.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Render(data), StringComparer.Ordinal);

    /// <summary>What templates that ask neither for series nor for the time may speak of.</summary>
    private TemplateData Timeless(Labels sample, double value) => new(Scoped(sample), value) { ExternalLabels = group.ExternalLabels, ExternalUrl = group.ExternalUrl };

    private Labels Scoped(Labels sample) => group.Model is { } model && sample["model"].Length == 0 ? sample.With("model", model) : sample;
}
