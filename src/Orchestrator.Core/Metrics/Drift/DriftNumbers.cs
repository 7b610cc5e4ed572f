using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>What the queries found out about one column.</summary>
internal sealed class DriftNumbers
{
    public const string Present = "present";
    public const string Category = "category";
    public const string Bin = "bin";
    public const string Size = "size";
    public const string Distance = "distance";
    public const string Spread = "spread";
    public const string Range = "range";
    public const string ReferenceRange = "reference range";

    private readonly ILookup<string, ReducedRow> _rows;

    private DriftNumbers(IEnumerable<ReducedRow> rows) => _rows = rows.ToLookup(row => row.Other);

    public static Dictionary<string, DriftNumbers> ByColumn(IEnumerable<ReducedRow> rows) =>
        rows.GroupBy(row => row.Key).ToDictionary(group => group.Key, group => new DriftNumbers(group));

    /// <summary>Rows with a value.</summary>
    public CountPair Values => Pair(_rows[Present].Single());

    public long Categories => _rows[Category].FirstOrDefault()?.Rows ?? 0;

    public bool IsComparable => Values is { Reference: > 0, Current: > 0 } && Categories <= DriftQueries.MostCategories;

    /// <summary>Rows of the categories, or of the bins between the quantiles of the reference.</summary>
    public CountPair[] Counts()
    {
        if (_rows[Category].Any())
        {
            return [.. _rows[Category].Select(Pair)];
        }

        var below = _rows[Bin].OrderBy(row => row.Rows).Append(One(Size)).Select(Pair).ToArray();
        return [.. below.Select((pair, i) => i == 0 ? pair : new CountPair(pair.Reference - below[i - 1].Reference, pair.Current - below[i - 1].Current))];
    }

    /// <summary>The largest distance of the two distribution functions.</summary>
    public double KolmogorovSmirnov => One(Distance).A / (One(Size).A * One(Size).B);

    /// <summary>The area between the distribution functions in standard deviations of the reference; none where only the data vary.</summary>
    public double? Wasserstein
    {
        get
        {
            if (One(Distance).A is 0)
            {
                return 0;
            }

            var (n, spread, range, reference) = (One(Size).A, One(Spread), One(Range), One(ReferenceRange));
            var mean = spread.A / n;
            var deviation = Math.Sqrt(Math.Max(0, (spread.B / n) - (mean * mean)));
            var scale = ((range.B / 2) - (range.A / 2)) / ((reference.B / 2) - (reference.A / 2));
            return deviation > 0 && double.IsFinite(scale) ? One(Distance).B * scale / deviation : null;
        }
    }

    private ReducedRow One(string kind) => _rows[kind].Single();

    private static CountPair Pair(ReducedRow row) => new((long)row.A, (long)row.B);
}
