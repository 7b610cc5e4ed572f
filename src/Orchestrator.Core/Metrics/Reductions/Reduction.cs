using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>SQL that reduces a relation in one pass, and the formulas that close its numbers into the values of one or more metrics.</summary>
public abstract class Reduction
{
    public abstract ImmutableArray<Metric> Metrics { get; }

    /// <summary>Whether labels must have had their time to arrive: such metrics look at rows that are older by the labels' delay.</summary>
    public virtual bool NeedsLabels => true;

    /// <summary>The same with the parameters that a monitor gives to its metrics.</summary>
    public virtual Reduction With(ImmutableSortedDictionary<string, JsonElement> parameters) => this;

    /// <summary>Queries that each give the columns scope, key, other, rows, a, b in a fixed order.</summary>
    public abstract IEnumerable<string> Plan(RelationShape shape);

    /// <summary>What gives further such rows from columns in memory.</summary>
    public virtual IEnumerable<ColumnPlan> Columns(RelationShape shape) => [];

    public abstract IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows);

    /// <summary>Why parts of what was asked for have no number, beside too few rows and missing roles.</summary>
    public virtual IEnumerable<(string Text, string Allowed)> Silences(RelationShape shape, IReadOnlyList<ReducedRow> rows) => [];

    /// <summary>Roles that the relation lacks for any of these metrics.</summary>
    public ImmutableArray<string> Lacking(RelationShape shape) =>
        [.. Metrics.SelectMany(metric => metric.Needs).Distinct().Where(role => !shape.Roles.Contains(role))];

    protected static ImmutableArray<(string, string)> InScope(string scope, params ReadOnlySpan<(string, string)> labels) =>
        scope.Length == 0 ? [.. labels] : [("segment", scope), .. labels];

    /// <summary><c>model_f1</c> of all rows, <c>model_segment_f1</c> of a segment: a part never shares a name with the whole.</summary>
    protected static string Named(string scope, string measure) => scope.Length == 0 ? $"model_{measure}" : $"model_segment_{measure}";
}
