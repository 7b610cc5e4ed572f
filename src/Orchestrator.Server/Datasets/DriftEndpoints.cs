using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Metrics.Drift;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>How features are spread in a dataset and in its reference.</summary>
internal static class DriftEndpoints
{
    public static void MapDrift(this RouteGroupBuilder datasets) =>
        datasets.MapGet("/{name}/drift", ReadAsync).Needs(Role.Viewer, About.Dataset)
            .WithSummary($"Both histograms of features, counted over the rows of the last measurement and over those of the reference; at most {FeatureHistogram.Most} features at once, the first ones where none are named; nothing where there is no reference.");

    private static async Task<Results<Ok<DriftShown>, NoContent, ProblemHttpResult>> ReadAsync(string name, string[]? feature, Node node, CancellationToken cancellation)
    {
        if (node.Revisions.Current?.Dataset(name) is not var (monitor, dataset))
        {
            return Problems.NotFound("dataset", name, "/api/datasets");
        }

        if (feature?.Length > FeatureHistogram.Most)
        {
            return Problems.Refuse(400, $"{feature.Length} features were asked for.", $"Ask for at most {FeatureHistogram.Most} at once.");
        }

        if (dataset.Reference is null || node.Database.Read(connection => FiringStore.Last(connection, monitor.Name)) is not { } last)
        {
            return TypedResults.NoContent();
        }

        return await RowReading.TryAsync(name, () => node.Drift.ReadAsync(name, feature ?? [], last.ScheduledAt, cancellation)) switch
        {
            (_, { } refused) => refused,
            ({ } found, _) => TypedResults.Ok(found),
            _ => TypedResults.NoContent(),
        };
    }
}
