using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>Takes some rows of a version by a hash of their ids: always the same ones, whatever the order of its file.</summary>
internal static class VersionSample
{
    /// <summary>The version itself where it has no more rows than that.</summary>
    /// <param name="file">Where the chosen rows are written.</param>
    public static DraftVersion Take(DatasetVersions versions, DatasetVersion version, (string File, int Most, AnalyticsOptions Options) into, CancellationToken cancellation)
    {
        if (version.Manifest.Rows <= into.Most)
        {
            return new(version, versions.FileOf(version));
        }

        var (rows, place) = (versions.Pages.Source(version), VersionPages.Position);
        var key = $"cast({(version.Manifest.Id is { } id ? Sql.Name(id) : place)} as varchar)";
        using var connection = Analytics.Open(into.Options);
        connection.RunInterruptibly(
            $"""
            copy (select * exclude ({place}) from {rows} where {place} in (select {place} from {rows} {MapTable.Lowest(key, into.Most)}) order by {place})
            to {Sql.Text(into.File)} (format parquet)
            """,
            cancellation);
        return new(version, into.File);
    }
}
