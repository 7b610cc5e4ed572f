using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What the alerts of a rule are called and say.</summary>
internal sealed class AlertNaming(RuleGroup group, Rule.Alerting rule)
{
    /// <summary>Whether the labels of an alert follow from those of its sample alone.</summary>
    public bool IsStatic { get; } = rule.Labels.Values.All(template => template.IsOfLabelsOnly);

    /// <summary>Whether annotations can be rendered later than the alert was seen.</summary>
    public bool IsDeferrable { get; } = rule.Annotations.Values.All(template => template.IsOfAlertOnly);

    public Alert Alert(Labels sample, double value, long activeAt)
    {
        return new(LabelsOf(sample, value), sample.Without(Labels.NameLabel), AlertState.Pending, activeAt)
        {
            Value = value,
            Annotations = AnnotationsOf(sample, value),
        };
    }

    public Labels LabelsOf(Labels sample, double value)
    {
        var scoped = Scoped(sample);
        var data = new TemplateData(scoped, value);
        var labels = group.Labels.Pairs.Aggregate(scoped.Without(Labels.NameLabel), (all, pair) => all.With(pair.Key, pair.Value));
        return rule.Labels.Aggregate(labels, (all, pair) => all.With(pair.Key, pair.Value.Render(data))).With("alertname", rule.Name);
    }

    public ImmutableSortedDictionary<string, string> AnnotationsOf(Labels sample, double value)
    {
        var data = new TemplateData(Scoped(sample), value);
        return rule.Annotations.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Render(data), StringComparer.Ordinal);
    }

    private Labels Scoped(Labels sample) => group.Model is { } model && sample["model"].Length == 0 ? sample.With("model", model) : sample;
}
