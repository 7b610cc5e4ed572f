using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>SQL of the prepared columns, over the stored rows <c>r</c> and the joined labels <c>l</c>.</summary>
internal sealed record PreparedColumns(ResolvedRoles Roles, LabelSet Labels, ModelTask? Task, string? Label)
{
    /// <summary>What the stored row says, before it is checked against the label set.</summary>
    public string GivenLabel => Label ?? "cast(null as varchar)";

    public bool IsRegression => Task is ModelTask.Regression;

    public string CheckedLabel => IsRegression ? Finite(GivenLabel) : Labels.IsStated ? $"case when {GivenLabel} in ({Listed(Labels.Classes)}) then {GivenLabel} end" : GivenLabel;

    /// <summary>The classes whose scores count: of a binary model only the positive one.</summary>
    public ImmutableArray<string> ScoredClasses => Labels.Positive is { } positive ? [positive] : Labels.Classes;

    public bool HasScores => !IsRegression && !Labels.Classes.IsEmpty && ScoredClasses.All(Roles.Scores.ContainsKey);

    public bool HasPrediction => Roles.Prediction is not null || HasScores;

    /// <summary>True where every score of the row is a number from 0 to 1.</summary>
    public string ScoresAreValid => HasScores ? string.Join(" and ", ScoredClasses.Select(name => $"coalesce({Score(name)} between 0 and 1, false)")) : "false";

    public IEnumerable<string> All()
    {
        yield return $"{(Roles.Id is { } id ? Stored(id) : "cast(null as varchar)")} as {Sql.Name(RelationShape.Id)}";
        yield return $"{CheckedLabel} as {Sql.Name(RelationShape.Label)}";
        yield return $"{Prediction()} as {Sql.Name(RelationShape.Prediction)}";
        yield return $"{Time} as {Sql.Name(RelationShape.Time)}";
        yield return $"{Latency()} as {Sql.Name(RelationShape.Latency)}";
        yield return $"{Error()} as {Sql.Name(RelationShape.Error)}";
        yield return $"{(Roles.ModelVersion is { } version ? $"cast({Stored(version)} as varchar)" : "cast(null as varchar)")} as {Sql.Name(RelationShape.Version)}";
        foreach (var (column, i) in Roles.System.Select((column, i) => (column, i)))
        {
            yield return $"cast({Stored(column)} as double) as {Sql.Name(RelationShape.SystemColumn(i))}";
        }

        if (Roles.Embedding is { } embedding)
        {
            yield return $"{embedding.List} as {Sql.Name(RelationShape.Embedding)}";
        }

        foreach (var name in HasScores ? ScoredClasses : [])
        {
            yield return $"case when {ScoresAreValid} then {Score(name)} end as {Sql.Name(RelationShape.Score(Labels.Classes.IndexOf(name)))}";
        }

        foreach (var feature in Roles.Features)
        {
            yield return feature.Type switch
            {
                FeatureType.WholeNumber => Stored(feature.Name),
                FeatureType.FloatingPoint => $"try_cast({Stored(feature.Name)} as double) as {Sql.Name(feature.Name)}",
                _ => $"cast({Stored(feature.Name)} as varchar) as {Sql.Name(feature.Name)}",
            };
        }
    }

    public string Time => Roles.Time is { } time ? $"epoch_us(try_cast({Stored(time)} as timestamptz))" : "cast(null as bigint)";

    public static string Stored(string column) => $"r.{Sql.Name(column)}";

    public static string Listed(IEnumerable<string> values) => string.Join(", ", values.Select(Sql.Text));

    /// <summary>A number whose square is one too; null for anything else.</summary>
    private static string Finite(string column) => $"case when abs(try_cast({column} as double)) <= 1e150 then try_cast({column} as double) end";

    private string Score(string name) => $"try_cast({Stored(Roles.Scores[name])} as double)";

    private string Prediction() => (Roles.Prediction, HasScores, Task) switch
    {
        (var column, _, ModelTask.Regression) => Finite(column is null ? "null" : Stored(column)),
        ({ } column, _, _) => Stored(column),
        (null, true, ModelTask.Binary binary) => string.Create(CultureInfo.InvariantCulture,
            $"case when {ScoresAreValid} then case when {Score(binary.Positive)} >= {binary.Threshold:R} then {Sql.Text(binary.Positive)} else {Sql.Text(Labels.Classes[0])} end end"),
        (null, true, _) => $"case when {ScoresAreValid} then {Highest()} end",
        _ => "cast(null as varchar)",
    };

    private string Highest()
    {
        var scores = Sql.List(Labels.Classes.Select(Score));
        return $"{Sql.List(Labels.Classes.Select(Sql.Text))}[list_position({scores}, list_max({scores}))]";
    }

    /// <summary>Truth, numbers other than 0, and text that neither is empty nor says false.</summary>
    private string Error() => Roles.Error is { } error
        ? $"coalesce(try_cast({Stored(error)} as boolean), trim(cast({Stored(error)} as varchar)) <> '', false)"
        : "cast(null as boolean)";

    private string Latency() => Roles.Latency is { } latency
        ? string.Create(CultureInfo.InvariantCulture, $"try_cast({Stored(latency.Column)} as double) * cast({latency.Seconds:R} as double)")
        : "cast(null as double)";
}
