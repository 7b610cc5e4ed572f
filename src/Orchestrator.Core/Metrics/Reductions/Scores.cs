namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>SQL over the score columns of a relation.</summary>
internal static class Scores
{
    /// <summary>The column of the positive class of a binary model; none where the mean over classes is asked for.</summary>
    public static int? Positive(RelationShape shape) => shape.Positive is null ? null : shape.Classes.IndexOf(shape.Positive);

    public static string All(RelationShape shape) => Sql.List(shape.Classes.Select((_, k) => Sql.Name(RelationShape.Score(k))));

    /// <summary>Rows with a label of the label set and probabilities; preparing nulls all of them where one is none.</summary>
    public static string Present(RelationShape shape) =>
        $"{Sql.LabelIndex(shape.Classes)} is not null and {Sql.Name(RelationShape.Score(Positive(shape) ?? 0))} is not null";
}
