using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Reductions;

namespace Orchestrator.Core.Metrics.Joint;

/// <summary>A column of the serving system, and what it may go along with.</summary>
/// <param name="X">SQL of the column.</param>
/// <param name="Y">SQL of the other side.</param>
internal sealed record JointPair(string Column, string With, string X, string Y)
{
    public const string Correct = "correct";
    public const string Error = "error";
    public const string Score = "score";

    public static ImmutableArray<JointPair> All(RelationShape shape) =>
        [.. from column in Columns(shape) from with in Outcomes(shape) select new JointPair(column.Name, with.Name, column.Sql, with.Sql)];

    private static IEnumerable<(string Name, string Sql)> Columns(RelationShape shape)
    {
        if (shape.Roles.Contains("latency"))
        {
            yield return ("latency", Sql.Name(RelationShape.Latency));
        }

        foreach (var (name, i) in shape.SystemColumns.Select((name, i) => (name, i)))
        {
            yield return (name, Sql.Name(RelationShape.SystemColumn(i)));
        }
    }

    private static IEnumerable<(string Name, string Sql)> Outcomes(RelationShape shape)
    {
        var (label, prediction) = (Sql.Name(RelationShape.Label), Sql.Name(RelationShape.Prediction));
        if (shape.Roles.Contains("label") && shape.Roles.Contains("prediction"))
        {
            yield return (Correct, $"cast({label} = {prediction} as double)");
        }

        if (shape.Roles.Contains(RelationShape.NumericLabel) && shape.Roles.Contains(RelationShape.NumericPrediction))
        {
            yield return (Error, $"abs({label} - {prediction})");
        }

        if (shape.Roles.Contains("scores"))
        {
            yield return (Score, Scores.Positive(shape) is { } positive ? Sql.Name(RelationShape.Score(positive)) : $"list_max({Scores.All(shape)})");
        }
    }
}
