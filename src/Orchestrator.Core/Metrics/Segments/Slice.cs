using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Rows that fulfil some conditions at once, in the order of the dimensions.</summary>
internal readonly record struct Slice(ImmutableArray<Condition> Conditions)
{
    public static Slice Of(params ReadOnlySpan<Condition> conditions) => new([.. conditions]);

    public int Depth => Conditions.Length;

    public Slice With(Condition condition) => new([.. Conditions.Append(condition).OrderBy(one => one.Dimension)]);

    public Slice Without(Condition condition) => new(Conditions.Remove(condition));

    public bool Has(int dimension) => Conditions.Any(condition => condition.Dimension == dimension);

    public string Predicate(SliceRows rows) =>
        string.Join(SegmentPredicate.And, Conditions.Select(condition => rows.Dimensions[condition.Dimension].Predicates[condition.Code - 1]));

    /// <summary>The numbers of its rows, ascending.</summary>
    public int[] Members(SliceRows rows)
    {
        var members = new List<int>();
        for (var row = 0; row < rows.Count; row++)
        {
            if (Holds(rows, row))
            {
                members.Add(row);
            }
        }

        return [.. members];
    }

    private bool Holds(SliceRows rows, int row)
    {
        foreach (var condition in Conditions)
        {
            if (rows.Dimensions[condition.Dimension].Codes[row] != condition.Code)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A part of a dimension.</summary>
/// <param name="Code">From 1.</param>
internal readonly record struct Condition(int Dimension, byte Code);
