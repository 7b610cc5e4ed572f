using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>What a replay is about.</summary>
/// <param name="From">What happened before is replayed but not told.</param>
/// <param name="Begin">Evaluations before it are left out; absent where the log is replayed from its beginning.</param>
public sealed record ReplaySpan(DateTimeOffset From, DateTimeOffset To, DateTimeOffset? Begin = null);

/// <summary>Tries edited copies of rules over the evaluation log; what the rules in force would have done is the same for each copy, and is kept.</summary>
/// <remarks>
/// All groups are replayed with the copy, not only those that read the rule: fixes are counted and inhibited over all of them.
/// Alerts have a memory, so the log is replayed from its beginning where that is no more than <paramref name="mostWork"/>, and otherwise from as long before the span as the span is long.
/// </remarks>
/// <param name="mostWork">Evaluations of a rule in one replay.</param>
public sealed class RuleTrials(Database database, SampleStore samples, long mostWork = 1_000_000)
{
    private const int MostKept = 4;

    private readonly Lock _gate = new();
    private ImmutableArray<(Basis Of, BacktestReport Report)> _kept = [];

    /// <summary>The span with the beginning of its replay.</summary>
    /// <param name="excess">How many times more than may be replayed that would be; none where it may.</param>
    public ReplaySpan Begin(LoadedRevision rules, ReplaySpan span, out double? excess)
    {
        var whole = span with { Begin = null };
        var cut = span with { Begin = span.From - (span.To - span.From) };
        if (Work(rules, whole) <= mostWork)
        {
            excess = null;
            return whole;
        }

        var work = Work(rules, cut);
        excess = work > mostWork ? (double)work / mostWork : null;
        return cut;
    }

    /// <summary>Replays the copy, and the rules in force where that is not known, over the same instants and samples; the rule has to be one of the revision's.</summary>
    public EditedBacktest Try(EditedRule edited, LoadedRevision rules, ReplaySpan span, CancellationToken cancellation)
    {
        var log = Log(span);
        var backtest = new LiveBacktest(database, samples.Snapshot());
        var before = InForce(backtest, (rules, log), span, cancellation);
        return edited.Compare(before, backtest.Report(log, edited.In(rules.Groups), span, cancellation), span);
    }

    internal BacktestReport InForce(LoadedRevision rules, ReplaySpan span, CancellationToken cancellation) =>
        InForce(new LiveBacktest(database, samples.Snapshot()), (rules, Log(span)), span, cancellation);

    private BacktestReport InForce(LiveBacktest backtest, (LoadedRevision Rules, IReadOnlyList<EvaluationLogEntry> Log) over, ReplaySpan span, CancellationToken cancellation)
    {
        var basis = new Basis(
            over.Rules.Id, backtest.Samples, span.Begin is null, over.Log.Count, over.Log.Count == 0 ? 0 : over.Log[^1].Sequence, over.Log.Count(entry => entry.AsOf >= span.From));
        if (Find(basis) is { } known)
        {
            return known;
        }

        var report = backtest.Report(over.Log, over.Rules.Groups, span, cancellation);
        lock (_gate)
        {
            _kept = [(basis, report), .. _kept.Take(MostKept - 1)];
        }

        return report;
    }

    private BacktestReport? Find(Basis basis)
    {
        lock (_gate)
        {
            return _kept.FirstOrDefault(one => one.Of == basis).Report;
        }
    }

    private IReadOnlyList<EvaluationLogEntry> Log(ReplaySpan span) =>
        database.Read(connection => EvaluationStore.Log(connection, span.Begin ?? DateTimeOffset.UnixEpoch, span.To));

    /// <summary>Evaluations of a rule: groups that the log does not know are evaluated at all of its instants.</summary>
    private long Work(LoadedRevision rules, ReplaySpan span)
    {
        var evaluations = database.Read(connection => EvaluationStore.Evaluations(connection, span.Begin ?? DateTimeOffset.UnixEpoch, span.To));
        var all = evaluations.Values.Sum();
        return rules.Groups.Sum(group => evaluations.GetValueOrDefault(group.Name, all) * group.Rules.Length);
    }

    /// <summary>All that a replay of rules in force depends on: the log only grows, and samples only come and, once they are old, go.</summary>
    /// <param name="Entries">Of the log.</param>
    /// <param name="Told">Of them those that are told.</param>
    private sealed record Basis(string Revision, (long Watermark, long Samples) Samples, bool IsWhole, int Entries, long Last, int Told);
}
