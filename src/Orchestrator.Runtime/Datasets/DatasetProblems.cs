using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Something wrong with data, told at the place of the monitor file that asks for it.</summary>
/// <param name="Dataset">Empty where it concerns the monitor as a whole.</param>
/// <param name="Metric">The metric that has no number because of it, where it is one.</param>
public sealed record MeasurementProblem(Diagnostic Diagnostic, string Dataset, string? Metric = null);

/// <summary>Collects what is wrong with the data of one dataset.</summary>
public sealed class DatasetProblems(YamlFile file, string dataset, ImmutableArray<MeasurementProblem>.Builder all)
{
    public string Dataset => dataset;

    /// <summary>How many there are, of all datasets.</summary>
    public int Count => all.Count;

    /// <param name="path">Field names below the dataset, such as roles, scores.</param>
    public void Error(string code, string text, string? allowed, params ReadOnlySpan<string> path) => Add(new(code, Severity.Error, text, allowed), path);

    public void Warn(string code, string text, string? allowed, params ReadOnlySpan<string> path) => Add(new(code, Severity.Warning, text, allowed), path);

    public void Nearest(string code, string text, IReadOnlyCollection<string> candidates, string meant, params ReadOnlySpan<string> path) =>
        Add(new(code, Severity.Error, text, $"there are {Listed(candidates)}", Core.Diagnostics.Nearest.To(meant, candidates)), path);

    private void Add(Finding finding, ReadOnlySpan<string> path)
    {
        object[] steps = ["datasets", dataset, .. path.ToArray()];
        var place = file.At(steps);
        all.Add(new(new(file.Path, place.Line, place.Column, finding.Code, finding.Severity, $"{dataset}: {finding.Text}", finding.Allowed, finding.Nearest), dataset));
    }

    private static string Listed(IReadOnlyCollection<string> names)
    {
        const int shown = 12;
        return names.Count <= shown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(shown))} and {names.Count - shown} more";
    }

    private sealed record Finding(string Code, Severity Severity, string Text, string? Allowed, string? Nearest = null);
}
