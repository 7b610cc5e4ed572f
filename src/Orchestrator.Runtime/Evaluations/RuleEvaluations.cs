using System.Collections.Concurrent;
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
    private readonly CompiledRules _rules = new(samples);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    private LoadedRevision? _settled; // what the groups that it lacks had left is ended

    /// <summary>Raised for each evaluation, with what the group remembered before, in the transaction in which it is written.</summary>
    public event Action<Transaction, EvaluatedGroup, RuleGroupState>? Evaluated;

    /// <summary>Evaluates the groups that are due now; how many were.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellation)
    {
        if (revisions.Current is not { } revision)
        {
            return 0;
        }

        var done = await EndRemovedAsync(revision, cancellation).ConfigureAwait(false);
        foreach (var group in revision.Groups)
        {
            done += await RunAsync(revision, group, cancellation).ConfigureAwait(false) ? 1 : 0;
        }

        return done;
    }

    /// <summary>When the next group is due by its grid; null where there is no group.</summary>
    public DateTimeOffset? NextDue()
    {
        var now = clocks.Now;
        if (revisions.Current is { } revision && !ReferenceEquals(revision, _settled))
        {
            return now;
        }

        var next = revisions.Current?.Groups.Select(group =>
        {
            var position = database.Read(connection => EvaluationStore.Position(connection, group.Name));
            return IsDue(group, position, now) ? now : group.Schedule.Next(now);
        }).ToList();
        return next is { Count: > 0 } ? next.Min() : null;
    }

    /// <summary>Ends the alerts and series of groups that are in the revision no more; how many groups there were.</summary>
    private async Task<int> EndRemovedAsync(LoadedRevision revision, CancellationToken cancellation)
    {
        if (ReferenceEquals(revision, _settled))
        {
            return 0;
        }

        var removed = database.Read(EvaluationStore.Remembering).Except(revision.Groups.Select(group => group.Name), StringComparer.Ordinal).ToList();
        foreach (var name in removed)
        {
            await InTurnAsync(name, position => position is not null && database.Read(EvaluationStore.Remembering).Contains(name), (revision, RuleGroup.Removed(name)), cancellation).ConfigureAwait(false);
        }

        _settled = revision;
        return removed.Count;
    }

    /// <summary>Evaluates a group if it is due; workers that come to the same group take turns, as only one evaluation can follow the last.</summary>
    private Task<bool> RunAsync(LoadedRevision revision, RuleGroup group, CancellationToken cancellation) =>
        InTurnAsync(group.Name, position => IsDue(group, position, clocks.Now), (revision, group), cancellation);

    private async Task<bool> InTurnAsync(string name, Func<GroupPosition?, bool> isDue, (LoadedRevision Revision, RuleGroup Group) of, CancellationToken cancellation)
    {
        var turn = _turns.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var position = database.Read(connection => EvaluationStore.Position(connection, name));
            if (!isDue(position))
            {
                return false;
            }

            await EvaluateAsync(of.Revision, of.Group, Before(of.Group, position), clocks.Now, cancellation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Due on the grid, at the first sight of the group, and, where the group asks for it, when a monitor has measured since.</summary>
    private bool IsDue(RuleGroup group, GroupPosition? position, DateTimeOffset now) =>
        position is null
        || group.Schedule.Next(position.AsOf) <= now
        || (group.OnData && samples.MeasuredUpTo > position.Watermark);

    /// <summary>What the group remembers: in memory as long as the last evaluation was made here.</summary>
    private GroupProgress Before(RuleGroup group, GroupPosition? position) =>
        position is null ? Fresh(group)
        : _rules.Remembered(group.Name, position) ?? database.Read(connection => EvaluationStore.Progress(connection, group.Name)) ?? Fresh(group);

    private static GroupProgress Fresh(RuleGroup group) => new(group.Name, DateTimeOffset.UnixEpoch, 0, RuleGroupState.Empty);

    private async Task EvaluateAsync(LoadedRevision revision, RuleGroup group, GroupProgress before, DateTimeOffset now, CancellationToken cancellation)
    {
        if (group.MayRead(OwnSeries.Names))
        {
            await database.WriteAsync(transaction => OwnSeries.Record(transaction, samples, now), cancellation).ConfigureAwait(false);
        }

        var (evaluation, snapshot) = _rules.Evaluate(revision, group, before.State, now.ToMicros());
        var after = new GroupProgress(group.Name, now, snapshot.Watermark, evaluation.State);
        var evaluated = new EvaluatedGroup(revision, group, evaluation) { Snapshot = snapshot };
        var isKept = false;
        try
        {
            isKept = await database.WriteAsync(transaction => Save(transaction, evaluated, before, after), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _rules.Settle(after, isKept);
        }
    }

    /// <summary>False where another evaluation came between; the group is due again if there is anything new to see.</summary>
    private bool Save(Transaction transaction, EvaluatedGroup evaluated, GroupProgress before, GroupProgress after)
    {
        var (revision, group, evaluation) = evaluated;
        var stored = EvaluationStore.Position(transaction.Connection, group.Name);
        if (stored?.AsOf > before.AsOf || stored?.Watermark > before.Watermark)
        {
            return false;
        }

        EvaluationStore.Save(transaction, after, revision.Id, evaluation.Transitions);
        if (!evaluation.Samples.IsEmpty)
        {
            samples.Append(transaction, after.AsOf, SampleStore.OfRules(group.Name), evaluation.Samples);
        }

        findings.Follow(transaction, evaluated, after.AsOf);
        Evaluated?.Invoke(transaction, evaluated, before.State);
        return true;
    }
}
