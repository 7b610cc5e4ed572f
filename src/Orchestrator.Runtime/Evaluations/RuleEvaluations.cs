using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>An evaluation with what it was made from.</summary>
public sealed record EvaluatedGroup(LoadedRevision Revision, RuleGroup Group, GroupEvaluation Evaluation)
{
    /// <summary>What the evaluation saw.</summary>
    public SeriesSnapshot Snapshot { get; init; } = SeriesSnapshot.Empty;
}

/// <summary>Evaluates the rule groups of the revision in force, on their grid and when new data came, and lets findings follow from their alerts.</summary>
public sealed class RuleEvaluations(Database database, SampleStore samples, InForce revisions, FindingDecisions findings, Clocks clocks)
{
    /// <summary>Raised for each evaluation, with what the group remembered before, in the transaction in which it is written.</summary>
    public event Action<Transaction, EvaluatedGroup, RuleGroupState>? Evaluated;

    /// <summary>Evaluates the groups that are due now; how many were.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellation)
    {
        if (revisions.Current is not { } revision)
        {
            return 0;
        }

        var now = clocks.Now;
        var done = 0;
        foreach (var group in revision.Groups)
        {
            var progress = database.Read(connection => EvaluationStore.Progress(connection, group.Name));
            if (IsDue(group, progress, now))
            {
                await EvaluateAsync(revision, group, progress ?? Fresh(group), now, cancellation).ConfigureAwait(false);
                done++;
            }
        }

        return done;
    }

    /// <summary>When the next group is due by its grid; null where there is no group.</summary>
    public DateTimeOffset? NextDue()
    {
        var now = clocks.Now;
        var next = revisions.Current?.Groups.Select(group =>
        {
            var progress = database.Read(connection => EvaluationStore.Progress(connection, group.Name));
            return IsDue(group, progress, now) ? now : group.Schedule.Next(now);
        }).ToList();
        return next is { Count: > 0 } ? next.Min() : null;
    }

    /// <summary>Due on the grid, at the first sight of the group, and, where the group asks for it, when a monitor has measured since.</summary>
    private bool IsDue(RuleGroup group, GroupProgress? progress, DateTimeOffset now) =>
        progress is null
        || group.Schedule.Next(progress.AsOf) <= now
        || (group.OnData && samples.MeasuredUpTo > progress.Watermark);

    private static GroupProgress Fresh(RuleGroup group) => new(group.Name, DateTimeOffset.UnixEpoch, 0, RuleGroupState.Empty);

    private async Task EvaluateAsync(LoadedRevision revision, RuleGroup group, GroupProgress before, DateTimeOffset now, CancellationToken cancellation)
    {
        if (group.MayRead(OwnSeries.Names))
        {
            await database.WriteAsync(transaction => OwnSeries.Record(transaction, samples, now), cancellation).ConfigureAwait(false);
        }

        var snapshot = samples.Snapshot();
        var evaluation = group.Evaluate(before.State, snapshot, now.ToMicros());
        var after = new GroupProgress(group.Name, now, snapshot.Watermark, evaluation.State);
        await database.WriteAsync(
            transaction =>
            {
                var stored = EvaluationStore.Progress(transaction.Connection, group.Name);
                if (stored?.AsOf > before.AsOf || stored?.Watermark > before.Watermark)
                {
                    return; // Another evaluation came between; this group is due again if there is anything new to see.
                }

                EvaluationStore.Save(transaction, after, revision.Id, evaluation.Transitions);
                if (!evaluation.Samples.IsEmpty)
                {
                    samples.Append(transaction, now, SampleStore.OfRules(group.Name), evaluation.Samples);
                }

                var evaluated = new EvaluatedGroup(revision, group, evaluation) { Snapshot = snapshot };
                findings.Follow(transaction, evaluated, now);
                Evaluated?.Invoke(transaction, evaluated, before.State);
            },
            cancellation).ConfigureAwait(false);
    }
}
