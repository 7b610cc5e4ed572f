using Orchestrator.Core.Metrics.Drift;
using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class DomainClassifierTests
{
    private const int Rows = 60;

    private static readonly bool[] _isCurrent = [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 1)];
    private static readonly int[] _folds = [.. Enumerable.Range(0, Rows).Select(i => i / 2 % 5)];
    private static readonly int[] _first = [.. Enumerable.Range(0, Rows).Select(i => i * i / 3 % 5)];

    /// <summary>scikit-learn 1.2.1: MultinomialNB(alpha=1) on the one-hot columns, predict_proba of each fold by the others, roc_auc_score over all rows.</summary>
    [Fact]
    public void Rows_are_told_apart_as_by_scikit_learn()
    {
        var second = Enumerable.Range(0, Rows).Select(i => _isCurrent[i] && i % 3 == 0 ? 3 : i * i * 7 / 5 % 4).ToArray();

        var value = DomainClassifier.Close("learn", CellTerms.Of([_first, second]), _isCurrent, _folds)!;

        Assert.Equal(0.6088888888888889, value.Value, 1e-12);
        Assert.Equal((DomainClassifier.Name, 30L, 30L), (value.Metric, value.Rows, value.Scope));
        Assert.Equal(("reference", "learn"), Assert.Single(value.Labels));
    }

    /// <summary>Of a row and its twin on the other side neither is learnt from while the other is judged: they have one id.</summary>
    [Fact]
    public void Equal_sides_cannot_be_told_apart()
    {
        int[] same = [.. Enumerable.Range(0, Rows).Select(i => i / 2 * 5 % 7)];

        Assert.Equal(0.5, DomainClassifier.Close("learn", CellTerms.Of([same]), _isCurrent, _folds)!.Value, 1e-12);
    }

    [Fact]
    public void Fewer_rows_than_folds_give_no_number() =>
        Assert.Null(DomainClassifier.Close("learn", CellTerms.Of([_first[..8]]), _isCurrent[..8], _folds[..8]));
}
