using System.Collections.Immutable;

namespace Orchestrator.Runtime.Models;

/// <summary>One column of features in row order: numbers, where NaN is a missing one, categories or free texts, where null is a missing one.</summary>
public abstract record FeatureColumn
{
    private FeatureColumn(string name) => Name = name;

    public string Name { get; }

    public abstract int Count { get; }

    public sealed record Numeric(string Column, double[] Values) : FeatureColumn(Column)
    {
        public override int Count => Values.Length;
    }

    public sealed record Category(string Column, string?[] Values) : FeatureColumn(Column)
    {
        public override int Count => Values.Length;
    }

    public sealed record Text(string Column, string?[] Values) : FeatureColumn(Column)
    {
        public override int Count => Values.Length;
    }

    /// <summary>The rows at the given positions, in their order.</summary>
    public FeatureColumn At(IReadOnlyList<int> rows) => this switch
    {
        Numeric numbers => numbers with { Values = [.. rows.Select(row => numbers.Values[row])] },
        Category categories => categories with { Values = [.. rows.Select(row => categories.Values[row])] },
        Text texts => texts with { Values = [.. rows.Select(row => texts.Values[row])] },
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Rows in memory for training and scoring: ids, feature columns of the same length and labels, null where a row has none.</summary>
public sealed record FeatureRows(ImmutableArray<string> Ids, ImmutableArray<FeatureColumn> Features, ImmutableArray<string?> Labels)
{
    public int Count => Ids.Length;

    public FeatureRows At(IReadOnlyList<int> rows) => new(
        [.. rows.Select(row => Ids[row])], [.. Features.Select(column => column.At(rows))], [.. rows.Select(row => Labels[row])]);

    /// <summary>The same rows ordered by id, so that what is made of them does not depend on how they arrived.</summary>
    public FeatureRows OrderedById() =>
        At([.. Enumerable.Range(0, Count).OrderBy(row => Ids[row], StringComparer.Ordinal)]);

    public FeatureRows WithLabels(IEnumerable<string?> labels) => this with { Labels = [.. labels] };
}
