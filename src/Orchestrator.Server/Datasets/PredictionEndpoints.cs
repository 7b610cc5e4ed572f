using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>Rows that predictions were made for.</summary>
internal static class PredictionEndpoints
{
    public static void MapPredictions(this RouteGroupBuilder datasets) =>
        datasets.MapGet("/{name}/predictions", ReadAsync).Needs(Role.Viewer, About.Dataset)
            .WithSummary($"Rows of the last measurement with prediction and label, the newest first, from the one with the number offset on, or only those that were predicted wrong; at most {Pages.MostRows}; nothing where nothing was predicted or measured.");

    private static async Task<Results<Ok<MeasuredPage>, NoContent, ProblemHttpResult>> ReadAsync(
        string name, bool? wrong, [AsParameters] SpanWish wish, Node node, CancellationToken cancellation)
    {
        var span = Pages.Span(wish.Offset, wish.Limit);
        if (node.Revisions.Current is not { } revision || revision.Dataset(name) is not var (monitor, _))
        {
            return Problems.NotFound("dataset", name, "/api/datasets");
        }

        if (node.Database.Read(connection => FiringStore.Last(connection, monitor.Name)) is not { } last)
        {
            return TypedResults.NoContent();
        }

        return await RowReading.TryAsync(name, () => node.Measured.ReadAsync(new(name, revision.Id, last.ScheduledAt, wrong ?? false), span, cancellation)) switch
        {
            (_, { } refused) => refused,
            ({ } found, _) => TypedResults.Ok(found),
            _ => TypedResults.NoContent(),
        };
    }
}
