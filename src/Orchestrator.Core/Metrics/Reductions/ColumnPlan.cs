using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Columns that are brought into memory, because sorting them once answers what SQL would have to group again and again.</summary>
/// <param name="Queries">Each gives columns of doubles, without missing values: NaN stands for one.</param>
/// <param name="Reduce">From the columns of each query, which it may sort in place, to rows as queries give them; what belongs to one plan needs no other.</param>
public sealed record ColumnPlan(ImmutableArray<string> Queries, Func<IReadOnlyList<double[][]>, IEnumerable<ReducedRow>> Reduce);
