using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How far columns have moved from those of the reference.</summary>
public abstract class DriftReduction : Reduction
{
    protected const string Measures = "Numbers: psi, js and hellinger over the quantiles of the reference, ks, wasserstein_normed (in standard deviations of the reference); "
        + "categories: psi, js, hellinger, tvd, linf, cramers_v; both: missing_difference of the shares of missing values.";

    protected const string Tests = "Probability of such a distance or a larger one without drift: ks (asymptotic, two-sided), chi2, missing_chi2.";

    public DriftOptions Options { get; private set; } = DriftOptions.Default;

    /// <summary>Name of the metric; the one with its p-values ends on <c>_pvalue</c>.</summary>
    protected abstract string Distance { get; }

    public override Reduction With(ImmutableSortedDictionary<string, JsonElement> parameters)
    {
        var changed = (DriftReduction)MemberwiseClone();
        changed.Options = DriftOptions.Of(parameters);
        return changed;
    }

    public override IEnumerable<string> Plan(RelationShape shape) => DriftQueries.Counts(shape, Compared(shape));

    public override IEnumerable<ColumnPlan> Columns(RelationShape shape) =>
        shape.Reference is null || Compared(shape) is not { IsEmpty: false } columns ? [] : DriftQueries.Numbers(shape, columns, Options.Bins);

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var numbers = DriftNumbers.ByColumn(rows);
        if (!numbers.TryGetValue("", out var all) || all.Values is not { Reference: > 0, Current: > 0 } whole)
        {
            return [];
        }

        var drifts = Compared(shape).Select(column => ColumnDrift.Of(column, numbers[column.Name], whole, Options.Bins)).ToArray();
        return [.. drifts.SelectMany(drift => Values(shape, drift)), .. Summary(shape, drifts, whole)];
    }

    public override IEnumerable<(string Text, string Allowed)> Silences(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        [.. from row in rows
            where row.Other == DriftNumbers.Category && row.Rows > DriftQueries.MostCategories
            select ($"\"{row.Key}\" has {row.Rows} different values", $"its drift has no number beyond {DriftQueries.MostCategories}"),
         .. Unmeasured(Compared(shape))];

    private IEnumerable<(string Text, string Allowed)> Unmeasured(ImmutableArray<ComparedColumn> columns)
    {
        if (!columns.IsEmpty && !columns.Any(column => Options.DistancesOf(column.IsNumeric).Length > 0))
        {
            var kind = columns.All(column => column.IsNumeric) ? "numbers" : "categories";
            yield return ($"{Distance} has no number: variant {string.Join(", ", Options.Variants)} is not of {kind}", $"those of {kind} are {string.Join(", ", (Options with { Variants = [] }).DistancesOf(kind == "numbers"))}");
        }
    }

    internal abstract ImmutableArray<ComparedColumn> Compared(RelationShape shape);

    internal virtual ImmutableArray<(string, string)> LabelsOf(ComparedColumn column) => [];

    internal virtual IEnumerable<MeasuredValue> Summary(RelationShape shape, ColumnDrift[] drifts, CountPair rows) => [];

    protected static (string, string) Reference(RelationShape shape) => ("reference", shape.Reference!.Name);

    protected static long Least(CountPair values) => Math.Min(values.Reference, values.Current);

    private IEnumerable<MeasuredValue> Values(RelationShape shape, ColumnDrift drift)
    {
        MeasuredValue Of(string metric, string variant, double value) =>
            new(metric, [.. LabelsOf(drift.Column), ("variant", variant), Reference(shape)], value, drift.Values.Current, Least(drift.Values));
        return [.. drift.Distances.Where(distance => Options.Measures(distance.Variant)).Select(distance => Of(Distance, distance.Variant, distance.Value)), .. drift.Tests.Select(test => Of($"{Distance}_pvalue", test.Test, test.P))];
    }
}
