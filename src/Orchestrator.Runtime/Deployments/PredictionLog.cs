using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Deployments;

/// <summary>The production datasets of a model whose rows say which version predicted them.</summary>
public sealed class PredictionLog(InForce revisions, DatasetAccess access, Workspace workspace)
{
    /// <summary>Whether a row that was served since the champion moved names the version, by its id or its digest; throws <see cref="DatasetException"/> where no log can be read.</summary>
    public async Task<bool> ShowsAsync(Deployment deployment, DateTimeOffset now, CancellationToken cancellation)
    {
        var logs = revisions.Current?.Monitors.Where(monitor => monitor.Model == deployment.Model).SelectMany(monitor => monitor.Datasets)
            .Where(dataset => dataset is { Split: DatasetSplit.Production, Roles.ModelVersion: not null }).ToList() ?? [];
        foreach (var dataset in logs)
        {
            if (await ShowsAsync(dataset, deployment, now, cancellation).ConfigureAwait(false))
            {
                return true;
            }
        }

        return logs.Count > 0 ? false : throw new DatasetException($"no production dataset of {deployment.Model} has a column with the role \"model_version\"");
    }

    private async Task<bool> ShowsAsync(DatasetSpec dataset, Deployment deployment, DateTimeOffset now, CancellationToken cancellation)
    {
        var spill = Directory.CreateDirectory(Path.Combine(workspace.Attempts, $"deployment-{Digest.Of(deployment.Key)[..16]}")).FullName;
        try
        {
            var wish = new DatasetWish(dataset.Name, now, Window: now - deployment.OpenedAt > TimeSpan.Zero ? now - deployment.OpenedAt : TimeSpan.FromTicks(1));
            using var opened = await access.OpenAsync(wish, spill, cancellation).ConfigureAwait(false);
            return opened.Prepared.Source.Find(dataset.Roles.ModelVersion!) is not null && opened.Connection.Count(Query(opened.Prepared.Source.Name, dataset.Roles, deployment)) > 0;
        }
        finally
        {
            Directory.Delete(spill, recursive: true);
        }
    }

    private static string Query(string table, ColumnRoles roles, Deployment deployment)
    {
        var names = new[] { deployment.Version, deployment.Digest }.OfType<string>().Select(Sql.Text);
        var served = roles.Time is { } time ? $"epoch_us(try_cast({Sql.Name(time)} as timestamptz)) >= {deployment.OpenedAt.ToMicros()}" : "true";
        return $"select count(*) from {Sql.Name(table)} where cast({Sql.Name(roles.ModelVersion!)} as varchar) in ({string.Join(", ", names)}) and {served}";
    }
}
