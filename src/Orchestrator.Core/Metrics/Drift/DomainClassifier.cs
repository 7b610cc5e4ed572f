using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>Whether a classifier can tell the rows of the data from those of the reference, by all features at once.</summary>
public static class DomainClassifier
{
    public const string Name = "data_drift_auroc";

    /// <summary>Rows of each side that are looked at: the area's standard error is below 0.005 then.</summary>
    public const int MostRows = 10_000;

    public const int Folds = 5;

    public static readonly ImmutableArray<Metric> Metrics =
    [
        new(Name, MetricKind.Drift, "ratio",
            "Area under the ROC curve of a classifier that tells the rows from the reference's: multinomial naive Bayes out of five folds over the words of texts, categories, and numbers, those of an embedding among them, in "
            + "eight bins by the quantiles of both sides; of more than 10,000 rows of a side those whose ids hash lowest. 0.5 where nothing tells them apart.", ["reference"], [RelationShape.Comparable, RelationShape.OfReference(RelationShape.Comparable), "reference"]),
    ];

    /// <summary>None where a side has fewer rows than there are folds.</summary>
    /// <param name="isCurrent">Whether a row is of the data.</param>
    /// <param name="folds">The fold of each row, from 0; a row and its equal on the other side are in one.</param>
    public static MeasuredValue? Close(string reference, SparseRows terms, bool[] isCurrent, int[] folds)
    {
        var current = isCurrent.Count(side => side);
        if (Math.Min(current, isCurrent.Length - current) < Folds)
        {
            return null;
        }

        var scores = NaiveBayes.OutOfFold(terms, [.. isCurrent.Select(side => side ? 1 : 0)], 2, folds).Column(1);
        return Auroc.Binary(scores, isCurrent) is not { } area ? null : new MeasuredValue(Name, [("reference", reference)], area, current, Math.Min(current, isCurrent.Length - current))
        {
            Interval = Interval.HanleyMcNeil(area, current, isCurrent.Length - current),
        };
    }
}
