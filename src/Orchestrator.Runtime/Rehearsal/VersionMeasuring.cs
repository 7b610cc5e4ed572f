using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Measures versions of a model on rows whose right labels are known to the report alone.</summary>
internal sealed record VersionMeasuring(DatasetSpec Dataset, ModelTask Task, string Metric, Truth Truth)
{
    /// <summary>Null where there is no version or no number.</summary>
    public double? Measure(byte[]? artifact, CsvTable rows)
    {
        if (artifact is null || rows.Rows.IsEmpty)
        {
            return null;
        }

        var scorer = Scorer.Load(artifact);
        var features = StoryServing.Features(rows, Dataset, scorer.Card.Encoding.Columns);
        var labelled = features.WithLabels(features.Ids.Select(id => (string?)Truth[id]));
        return ScoredModel.Of(scorer.Score(labelled), labelled, Task).Measure([.. Enumerable.Range(0, features.Count)]).Values.TryGetValue(Metric, out var value)
            ? Math.Round(value, 6)
            : null;
    }
}
