using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Fires the monitors of the revision in force; of firings that were missed, only the latest is made up for.</summary>
public sealed class MonitorRuns(Database database, EffectStore effects, InForce revisions, Clocks clocks)
{
    /// <summary>Records the firings that are due and asks for their measurement; how many there were.</summary>
    public async Task<int> FireDueAsync(CancellationToken cancellation)
    {
        if (revisions.Current is not { } revision)
        {
            return 0;
        }

        var now = clocks.Now;
        var due = revision.Monitors.Select(monitor => (monitor.Name, At: LastDue(monitor, now))).Where(firing => firing.At is not null).ToList();
        foreach (var (monitor, at) in due)
        {
            await database.WriteAsync(transaction => Fire(transaction, monitor, at!.Value, revision.Id, now), cancellation).ConfigureAwait(false);
        }

        return due.Count;
    }

    /// <summary>When the next monitor is due; null where there is none.</summary>
    public DateTimeOffset? NextDue()
    {
        var next = revisions.Current?.Monitors.Select(monitor => monitor.Schedule.Next(Since(monitor))).ToList();
        return next is { Count: > 0 } ? next.Min() : null;
    }

    private void Fire(Transaction transaction, string monitor, DateTimeOffset at, string revision, DateTimeOffset now)
    {
        if (FiringStore.Add(transaction, monitor, at, revision))
        {
            effects.Add(transaction, MeasureEffect.Ask(monitor, at, revision, now), now);
        }
    }

    private DateTimeOffset? LastDue(MonitorFile monitor, DateTimeOffset now)
    {
        DateTimeOffset? last = null;
        foreach (var due in monitor.Schedule.Due(Since(monitor), now))
        {
            last = due;
        }

        return last;
    }

    /// <summary>The last firing; before the first, the moment at which the rules came into force.</summary>
    private DateTimeOffset Since(MonitorFile monitor) => database.Read(connection =>
        FiringStore.Last(connection, monitor.Name)?.ScheduledAt ?? RevisionStore.Since(connection) ?? clocks.Now);
}
