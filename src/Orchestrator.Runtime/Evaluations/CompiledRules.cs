using System.Collections.Concurrent;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Series;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>The rules of the revision in force, compiled together and fed each batch as the store takes it in.</summary>
internal sealed class CompiledRules
{
    // Samples that wait while nothing is evaluated; where there are more, the network catches up from the snapshot instead.
    private const int MostWaiting = 1 << 18;

    private readonly Lock _gate = new();
    private readonly SampleStore _samples;
    private readonly ConcurrentQueue<(long Batch, IReadOnlyCollection<LabelledSample> Samples)> _waiting = new();
    private readonly Dictionary<string, GroupProgress> _remembered = new(StringComparer.Ordinal);
    private LoadedRevision? _revision;
    private RuleNetwork? _network;
    private int _waitingSamples;
    private long _forgettings; // those of the store
    private long _seenForgettings;

    public CompiledRules(SampleStore samples)
    {
        _samples = samples;
        samples.Taken += Enqueue;
        samples.Forgotten += () => Interlocked.Increment(ref _forgettings);
    }

    /// <summary>Evaluates a group on everything that was committed; with what it saw.</summary>
    public (GroupEvaluation Evaluation, SeriesSnapshot Snapshot) Evaluate(LoadedRevision revision, RuleGroup group, RuleGroupState before, long asOf)
    {
        lock (_gate)
        {
            var (snapshot, forgettings) = Seen();
            if (_network is null || !ReferenceEquals(_revision, revision) || forgettings != _seenForgettings)
            {
                (_network, _revision, _seenForgettings) = (new RuleNetwork(revision.Groups), revision, forgettings);
            }

            Feed(_network, snapshot.Watermark);
            return (group.Rules.IsEmpty ? group.Evaluate(before, snapshot, asOf) : _network.Evaluate(group, before, snapshot, asOf), snapshot);
        }
    }

    /// <summary>What a group remembers, where its last evaluation was made here.</summary>
    public GroupProgress? Remembered(string group, GroupPosition position)
    {
        lock (_gate)
        {
            return _remembered.GetValueOrDefault(group) is { } progress && progress.AsOf == position.AsOf && progress.Watermark == position.Watermark ? progress : null;
        }
    }

    /// <summary>Remembers an evaluation that was stored; after one that was not, the network is made anew, as it has seen what was never recorded.</summary>
    public void Settle(GroupProgress after, bool isKept)
    {
        lock (_gate)
        {
            if (isKept)
            {
                _remembered[after.Group] = after;
                return;
            }

            _remembered.Remove(after.Group);
            _network = null;
        }
    }

    /// <summary>A snapshot, and how often the store had forgotten samples by then: its columns would still show them.</summary>
    private (SeriesSnapshot Snapshot, long Forgettings) Seen()
    {
        while (true)
        {
            var forgettings = Interlocked.Read(ref _forgettings);
            var snapshot = _samples.Snapshot();
            if (forgettings == Interlocked.Read(ref _forgettings))
            {
                return (snapshot, forgettings);
            }
        }
    }

    private void Enqueue(long batch, IReadOnlyCollection<LabelledSample> samples)
    {
        _waiting.Enqueue((batch, samples));
        Interlocked.Add(ref _waitingSamples, samples.Count + 1);
        while (Volatile.Read(ref _waitingSamples) > MostWaiting && TryDequeue())
        {
        }
    }

    private bool TryDequeue()
    {
        var isTaken = _waiting.TryDequeue(out var batch);
        Interlocked.Add(ref _waitingSamples, isTaken ? -batch.Samples.Count - 1 : 0);
        return isTaken;
    }

    private void Feed(RuleNetwork network, long watermark)
    {
        while (_waiting.TryPeek(out var next) && next.Batch <= watermark)
        {
            TryDequeue();
            if (next.Batch == network.Watermark + 1)
            {
                network.Append(next.Batch, next.Samples);
            }
        }
    }
}
