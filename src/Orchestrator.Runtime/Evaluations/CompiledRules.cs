using System.Collections.Concurrent;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Series;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>The rules of the revision in force, compiled together and fed each batch as the store takes it in.</summary>
internal sealed class CompiledRules
{
    // What waits while nothing is evaluated; the network catches up from the snapshot instead.
    private const int MostWaiting = 4096;

    private readonly Lock _gate = new();
    private readonly SampleStore _samples;
    private readonly ConcurrentQueue<(long Batch, IReadOnlyCollection<LabelledSample> Samples)> _waiting = new();
    private readonly Dictionary<string, GroupProgress> _remembered = new(StringComparer.Ordinal);
    private LoadedRevision? _revision;
    private RuleNetwork? _network;

    public CompiledRules(SampleStore samples)
    {
        _samples = samples;
        samples.Taken += (batch, taken) =>
        {
            _waiting.Enqueue((batch, taken));
            if (_waiting.Count > MostWaiting)
            {
                _waiting.TryDequeue(out _);
            }
        };
    }

    /// <summary>Evaluates a group on everything that was committed; with the last batch that it saw.</summary>
    public (GroupEvaluation Evaluation, long Watermark) Evaluate(LoadedRevision revision, RuleGroup group, RuleGroupState before, long asOf)
    {
        lock (_gate)
        {
            if (_network is null || !ReferenceEquals(_revision, revision))
            {
                (_network, _revision) = (new RuleNetwork(revision.Groups), revision);
            }

            var snapshot = _samples.Snapshot();
            Feed(_network, snapshot.Watermark);
            return (_network.Evaluate(group, before, snapshot, asOf), snapshot.Watermark);
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

    private void Feed(RuleNetwork network, long watermark)
    {
        while (_waiting.TryPeek(out var next) && next.Batch <= watermark)
        {
            _waiting.TryDequeue(out _);
            if (next.Batch == network.Watermark + 1)
            {
                network.Append(next.Batch, next.Samples);
            }
        }
    }
}
