using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Measures versions of a model on rows whose right labels are known to the report alone.</summary>
internal sealed record VersionMeasuring(StoryScoring Scoring, DatasetSpec Dataset, ModelTask Task, string Metric, Truth Truth)
{
    /// <summary>Null where there is no version or no number.</summary>
    public async Task<double?> MeasureAsync(ModelVersion? version, CsvTable rows, CancellationToken cancellation) =>
        version is null || rows.Rows.IsEmpty ? null : Value(await Scoring.ScoreAsync(version, rows, Dataset, cancellation).ConfigureAwait(false));

    /// <summary>Measures what was trained aside, in the box; null where there is no number.</summary>
    public double? Measure(byte[] artifact, CsvTable rows) => rows.Rows.IsEmpty ? null : Value(StoryScoring.InTheBox(artifact, rows, Dataset));

    private double? Value(StoryScores said)
    {
        var labelled = said.Rows.WithLabels(said.Rows.Ids.Select(id => (string?)Truth[id]));
        return ScoredModel.Of(said.Scores, labelled, Task).Measure([.. Enumerable.Range(0, labelled.Count)]).Values.TryGetValue(Metric, out var value)
            ? Math.Round(value, 6)
            : null;
    }
}
