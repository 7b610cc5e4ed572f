using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Columns that are brought into memory, because sorting them once answers what SQL would have to group again and again.</summary>
/// <param name="Queries">Each gives columns of doubles, without missing values (NaN stands for one), or codes.</param>
/// <param name="Reduce">From the columns of each query, which it may sort in place, to rows as queries give them; what belongs to one plan needs no other.</param>
public sealed record ColumnPlan(ImmutableArray<string> Queries, Func<IReadOnlyList<ColumnBlock>, IEnumerable<ReducedRow>> Reduce);

/// <summary>What one query gives, column by column; its rows are in no order.</summary>
/// <param name="Numbers">The columns of doubles.</param>
/// <param name="Codes">The columns of small whole numbers (<c>usmallint</c>).</param>
public sealed record ColumnBlock(ImmutableArray<double[]> Numbers, ImmutableArray<ushort[]> Codes);
