using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Series;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Series;

/// <summary>Questions to the series, in the language of rules.</summary>
internal static class SeriesEndpoints
{
    private const int LongestQuery = 4096;

    public static void MapSeries(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/series/query", Query).Needs(Role.Viewer, About.Shown).WithTags("series")
            .WithSummary("The value of a PromQL expression at an instant, by default now.");

    private static Results<Ok<Answer>, ProblemHttpResult> Query(string query, DateTimeOffset? at, SampleStore samples, Clocks clocks, ClaimsPrincipal user)
    {
        if (query.Length > LongestQuery)
        {
            return Problems.Refuse(422, $"The query has {query.Length} characters.", $"At most {LongestQuery} are read.");
        }

        var parsed = ExpressionText.Parse(query);
        if (parsed.Root is not { } root)
        {
            return Refuse(parsed.Errors[0]);
        }

        var asOf = at ?? clocks.Now;
        var snapshot = samples.SnapshotFor(user.Actor());
        var value = Evaluator.Evaluate(root, snapshot, asOf.ToMicros(), EvaluationOptions.Default);
        return value is Evaluation.Failed failed ? Refuse(failed.Error) : TypedResults.Ok(Answer.Of(value, asOf, snapshot.Watermark));
    }

    private static ProblemHttpResult Refuse(ExpressionError error)
    {
        var allowed = error.Allowed is null ? "" : $"; {error.Allowed}";
        var next = error.Nearest is null ? "Correct the query and ask again." : $"Did you mean {error.Nearest}?";
        return Problems.Refuse(422, $"At character {error.Offset + 1} of the query: {error.Text}{allowed}.", next);
    }
}

/// <summary>What a query yields.</summary>
/// <param name="Watermark">The last batch of samples that the answer could see.</param>
/// <param name="Text">Only for an expression that is a string.</param>
public sealed record Answer(DateTimeOffset At, long Watermark, ImmutableArray<AnswerSample> Samples, string? Text = null)
{
    internal static Answer Of(Evaluation value, DateTimeOffset at, long watermark) => value switch
    {
        Evaluation.Vector vector => new(at, watermark, [.. vector.Samples.Select(sample => new AnswerSample(sample.Labels, [new(at, sample.Value)], sample.Rows))]),
        Evaluation.Scalar scalar => new(at, watermark, [new AnswerSample(Labels.Empty, [new(at, scalar.Value)], scalar.Rows)]),
        Evaluation.Matrix matrix => new(at, watermark, [.. matrix.Series.Select(series => new AnswerSample(
            series.Labels, [.. series.Points.Select(point => new AnswerPoint(point.Time.ToInstant(), point.Value))], 0))]),
        Evaluation.Text text => new(at, watermark, [], text.Value),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>One series of an answer.</summary>
/// <param name="Points">One for an instant, several for a range, oldest first.</param>
/// <param name="Rows">Rows that the value was measured on; 0 where that is not known.</param>
public sealed record AnswerSample(Labels Labels, ImmutableArray<AnswerPoint> Points, int Rows);

/// <summary>A value at an instant.</summary>
public sealed record AnswerPoint(DateTimeOffset At, double Value);
