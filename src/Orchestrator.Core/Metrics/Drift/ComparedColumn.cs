using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>Something that the rows of a dataset and of its reference both have.</summary>
/// <param name="Current">SQL of its value in the rows.</param>
/// <param name="Reference">SQL of its value in the rows of the reference.</param>
internal sealed record ComparedColumn(string Name, string Current, string Reference, bool IsNumeric)
{
    /// <summary>Features of both sides beside free text; one that holds numbers on one side and categories on the other can't be compared, nor can free text value by value.</summary>
    public static ImmutableArray<ComparedColumn> Features(RelationShape shape) =>
        [.. from feature in shape.Features
            join other in shape.Reference?.Shape.Features ?? [] on feature.Name equals other.Name
            where feature.IsNumeric == other.IsNumeric && feature.Type is not FeatureType.Text && feature.Type != FeatureType.Text && other.Type != FeatureType.Text
            select Of(feature.Name, Sql.Name(feature.Name), feature.IsNumeric)];

    public static ComparedColumn Of(string name, string column, bool isNumeric) => isNumeric
        ? new(name, Finite(column), Finite(column), true)
        : new(name, $"cast({column} as varchar)", $"cast({column} as varchar)", false);

    /// <summary>Numbers that are none, or without end, are missing.</summary>
    private static string Finite(string column) => $"case when isfinite(cast({column} as double)) then cast({column} as double) end";
}
