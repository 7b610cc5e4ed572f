using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>What the evaluation log gave when it was replayed.</summary>
/// <param name="Transitions">As the log would hold them, one JSON text each.</param>
/// <param name="Logged">What the log holds of the span; none where other rules were replayed than were in force.</param>
/// <param name="Traces">The rules over time.</param>
public sealed record ReplayedLog(BacktestReport Report, ImmutableArray<string> Transitions, ImmutableArray<string>? Logged, ImmutableArray<RuleTrace> Traces)
{
    /// <summary>Whether the replay and the log are the same, byte for byte; absent where there is nothing to compare with.</summary>
    public bool? IsSame => Logged is { } logged ? logged.SequenceEqual(Transitions, StringComparer.Ordinal) : null;
}

/// <summary>Replays the evaluation log of a server: the same instants, and of the samples only the batches up to each watermark.</summary>
/// <remarks>
/// Rules that were in force are replayed with what they wrote then. Other rules see what monitors measured and what they write themselves: what the rules of then wrote is taken away.
/// </remarks>
public sealed class LiveBacktest(Database database, SeriesSnapshot samples)
{
    private readonly Dictionary<string, RuleRevision?> _revisions = new(StringComparer.Ordinal);

    /// <summary>Which samples there are: the last batch, and how many.</summary>
    public (long Watermark, long Samples) Samples => (samples.Watermark, samples.All.Sum(series => (long)series.Count));

    /// <summary>Whether rule files are those that were in force at every evaluation up to an instant, whatever their names are.</summary>
    public bool WereInForce(IReadOnlyCollection<string> texts, DateTimeOffset to)
    {
        var revisions = database.Read(EvaluationStore.Log).Where(entry => entry.AsOf <= to).Select(entry => entry.Revision).Distinct(StringComparer.Ordinal).ToList();
        return revisions.Count > 0 && revisions.TrueForAll(id => database.Read(connection => RevisionStore.Find(connection, id)) is { } stored
            && stored.Files.Where(file => file.Key.EndsWith(".rules.yaml", StringComparison.Ordinal)).Select(file => file.Value).Order(StringComparer.Ordinal).SequenceEqual(texts.Order(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    /// <summary>The log from its beginning, reported from an instant to another.</summary>
    /// <param name="other">Rules in place of those that were in force.</param>
    public ReplayedLog Replay(DateTimeOffset from, DateTimeOffset to, ImmutableArray<RuleGroup>? other = null)
    {
        var log = database.Read(EvaluationStore.Log).Where(entry => entry.AsOf <= to).ToList();
        var evaluations = other is { } groups ? OfOthers(log, groups) : OfThen(log);
        var tally = new BacktestTally();
        var traces = new Dictionary<(string, Rule), RuleTrace>();
        foreach (var evaluated in evaluations.Where(evaluated => evaluated.AsOf >= from.ToMicros()))
        {
            tally.Add(evaluated);
            foreach (var rule in evaluated.Group.Rules)
            {
                var key = (evaluated.Group.Name, rule);
                traces.TryAdd(key, new RuleTrace(evaluated.Group, rule));
                traces[key].Add(evaluated);
            }
        }

        var logged = other is null ? database.Read(connection => EvaluationStore.LoggedTransitions(connection, from, to)) : (IReadOnlyList<string>?)null;
        return new(tally.Report(from, to), [.. tally.Transitions.Select(Json.Write)], logged?.ToImmutableArray(), [.. traces.Values]);
    }

    /// <summary>What rules would have done at the instants of a log, in place of those that were in force.</summary>
    public BacktestReport Report(IReadOnlyList<EvaluationLogEntry> log, ImmutableArray<RuleGroup> groups, ReplaySpan span, CancellationToken cancellation)
    {
        var tally = new BacktestTally();
        foreach (var evaluated in OfOthers(log, groups))
        {
            cancellation.ThrowIfCancellationRequested();
            if (evaluated.AsOf >= span.From.ToMicros())
            {
                tally.Add(evaluated);
            }
        }

        return tally.Report(span.From, span.To);
    }

    private IEnumerable<BacktestEvaluation> OfThen(List<EvaluationLogEntry> log)
    {
        var states = new Dictionary<string, RuleGroupState>(StringComparer.Ordinal);
        foreach (var entry in log)
        {
            if (GroupOf(entry) is not { } group)
            {
                continue;
            }

            var snapshot = samples.UpTo(entry.Watermark);
            var evaluation = group.Evaluate(states.GetValueOrDefault(group.Name, RuleGroupState.Empty), snapshot, entry.AsOf.ToMicros());
            states[group.Name] = evaluation.State;
            yield return new(group, evaluation, snapshot.With(evaluation.Samples), entry.AsOf.ToMicros());
        }
    }

    /// <summary>Other rules at the instants at which groups were evaluated, each at those of the group of its name, or at all.</summary>
    private IEnumerable<BacktestEvaluation> OfOthers(IReadOnlyList<EvaluationLogEntry> log, ImmutableArray<RuleGroup> groups)
    {
        var arrivals = new Queue<LabelledSample>(Measured(log).OrderBy(sample => sample.Sample.Batch));
        var head = new SeriesHead();
        var states = new Dictionary<string, RuleGroupState>(StringComparer.Ordinal);
        var known = log.Select(entry => entry.Group).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in log)
        {
            Arrive(head, arrivals, entry.Watermark);
            foreach (var group in groups.Where(group => group.Name == entry.Group || !known.Contains(group.Name)))
            {
                var evaluation = group.Evaluate(states.GetValueOrDefault(group.Name, RuleGroupState.Empty), head.Snapshot(), entry.AsOf.ToMicros());
                states[group.Name] = evaluation.State;
                head.Append(head.Watermark + 1, evaluation.Samples);
                yield return new(group, evaluation, head.Snapshot(), entry.AsOf.ToMicros());
            }
        }
    }

    private static void Arrive(SeriesHead head, Queue<LabelledSample> arrivals, long watermark)
    {
        var arrived = new List<LabelledSample>();
        while (arrivals.TryPeek(out var next) && next.Sample.Batch <= watermark)
        {
            arrived.Add(arrivals.Dequeue());
        }

        head.Append(head.Watermark + 1, arrived);
    }

    /// <summary>What no rule of then wrote.</summary>
    private IEnumerable<LabelledSample> Measured(IReadOnlyList<EvaluationLogEntry> log)
    {
        var written = log.Select(entry => entry.Revision).Distinct(StringComparer.Ordinal).Select(Revision).OfType<RuleRevision>()
            .SelectMany(revision => revision.Groups).SelectMany(group => group.Rules).OfType<Rule.Recording>().Select(rule => rule.Name)
            .Append(AlertSeries.Alerts).Append(AlertSeries.ForState).ToHashSet(StringComparer.Ordinal);
        return samples.All.Where(series => !written.Contains(series.Labels.Name)).SelectMany(series => series.Samples.Select(sample => new LabelledSample(series.Labels, sample)));
    }

    /// <summary>The group as it was; one without rules where an evaluation ended what a removed group had left.</summary>
    private RuleGroup? GroupOf(EvaluationLogEntry entry) => Revision(entry.Revision) is { } revision
        ? revision.Groups.FirstOrDefault(group => group.Name == entry.Group) ?? RuleGroup.Removed(entry.Group)
        : null;

    private RuleRevision? Revision(string id)
    {
        if (!_revisions.TryGetValue(id, out var revision))
        {
            revision = database.Read(connection => RevisionStore.Find(connection, id)) is { } stored ? RuleRevision.Check(stored.Files).Value : null;
            _revisions.Add(id, revision);
        }

        return revision;
    }
}
