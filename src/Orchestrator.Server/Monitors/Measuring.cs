using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Server.Rules;

namespace Orchestrator.Server.Monitors;

/// <summary>Measures one monitor out of its turn and says which alerts hold; the evaluation is a look, of which nothing is kept.</summary>
internal sealed class Measuring(Node node, ILogger<EffectWorker> log)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    public MonitorFile? Find(string name) => node.Revisions.Current?.Monitor(name);

    public async Task<Measured> RunAsync(MonitorFile monitor, DateTimeOffset? asOf, string by, CancellationToken cancellation)
    {
        var revision = node.Revisions.Current!;
        var at = (asOf ?? node.Clocks.Now).ToMicros().ToInstant();
        await node.Database.WriteAsync(
            transaction =>
            {
                if (FiringStore.Add(transaction, monitor.Name, at, revision.Id))
                {
                    node.Effects.Add(transaction, MeasureEffect.Ask(monitor.Name, at, revision.Id, node.Clocks.Now), node.Clocks.Now);
                    AuditStore.Append(transaction, node.Clocks.Now, by, "monitor.measured", monitor.Name, new { at });
                }
            },
            cancellation);
        var firing = await EndedAsync(monitor.Name, at, cancellation);
        return Look(revision.Groups, monitor, firing);
    }

    /// <summary>Waits for the run, which a worker of the server may have taken; where none has, it is done here.</summary>
    private async Task<Firing> EndedAsync(string monitor, DateTimeOffset at, CancellationToken cancellation)
    {
        var effect = new MeasureEffect(node.Revisions, node.Measurements, node.Samples, node.Effects, node.Clocks);
        var worker = new EffectWorker("measure", node.Database, node.Clocks, [effect], log);
        while (true)
        {
            if (node.Database.Read(connection => FiringStore.Find(connection, monitor, at)) is { EndedAt: not null } firing)
            {
                return firing;
            }

            if (!await worker.RunNextAsync(cancellation))
            {
                var time = node.Clocks.Real;
                await Task.Delay(Glance, time, cancellation);
            }
        }
    }

    private Measured Look(ImmutableArray<RuleGroup> groups, MonitorFile monitor, Firing firing)
    {
        var snapshot = node.Samples.Snapshot();
        var asOf = firing.ScheduledAt.ToMicros();
        var looks = groups.Where(group => group.Model is null || monitor.Model is null || group.Model == monitor.Model)
            .Select(group => (group.Name, group.Evaluate(StateBefore(group, asOf), snapshot, asOf).State)).ToList();
        return new Measured(
            monitor.Name,
            firing.ScheduledAt,
            HasMeasured(snapshot, monitor.Name, asOf),
            firing.Problems,
            [.. looks.SelectMany(look => look.State.Alerts.Select(alert => AlertLine.Of(look.Name, alert)))],
            [.. looks.SelectMany(look => look.State.Rules.Where(rule => rule.Value.Health.IsError).Select(rule => $"{rule.Key.Split('#')[0]}: {rule.Value.Health.Error}"))]);
    }

    /// <summary>What the group remembers, unless it was evaluated at a later instant than the one that is asked about.</summary>
    private RuleGroupState StateBefore(RuleGroup group, long asOf) =>
        node.Database.Read(connection => EvaluationStore.Progress(connection, group.Name)) is { } progress && progress.AsOf.ToMicros() <= asOf
            ? progress.State
            : RuleGroupState.Empty;

    private static bool HasMeasured(SeriesSnapshot snapshot, string monitor, long at)
    {
        var series = snapshot.Find(Labels.Of("monitor_last_success_timestamp_seconds", ("monitor", monitor)));
        return series?.At(at)?.Time == at;
    }
}

/// <summary>What measuring out of turn gave.</summary>
/// <param name="Any">Whether anything could be measured at all.</param>
/// <param name="Problems">What could not be measured, one line each.</param>
/// <param name="Alerts">Alerts that hold, also those that would have to hold for longer before they fire.</param>
/// <param name="RuleErrors">Rules that could not be evaluated, one line each.</param>
public sealed record Measured(
    string Monitor, DateTimeOffset At, bool Any, ImmutableArray<string> Problems, ImmutableArray<AlertLine> Alerts, ImmutableArray<string> RuleErrors)
{
    /// <summary>Groups of no model look at every model.</summary>
    internal Measured SeenBy(Actor actor) => actor.May(Role.Viewer) ? this : this with { Alerts = [.. Alerts.Where(alert => actor.Sees(alert.Labels["model"]))], RuleErrors = [] };
}
