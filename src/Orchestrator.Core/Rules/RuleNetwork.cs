using System.Runtime.InteropServices;
using Orchestrator.Core.Expressions.Compilation;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The rules of a revision compiled together: what they have in common is computed once, and an evaluation looks only at what changed.</summary>
/// <remarks>
/// It has one owner, who feeds it the batches of one store in their order. Where it is behind the snapshot of an evaluation, it
/// catches up by itself. What it answers is what <see cref="RuleGroup.Evaluate"/> answers, in every bit.
/// </remarks>
public sealed class RuleNetwork
{
    private readonly Dictionary<RuleGroup, GroupPlan> _plans = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(EvaluationOptions Options, long Offset), Network> _networks = [];
    private readonly SeriesColumns _columns = new();

    public RuleNetwork(IEnumerable<RuleGroup> groups)
    {
        foreach (var group in groups)
        {
            var options = RuleRun.OptionsOf(group);
            ref var network = ref CollectionsMarshal.GetValueRefOrAddDefault(_networks, (options, group.QueryOffset.ToMicros()), out _);
            network ??= new Network(_columns, options);

            _plans.Add(group, new GroupPlan(group, network, _columns));
        }
    }

    /// <summary>The highest batch taken in.</summary>
    public long Watermark => _columns.Watermark;

    /// <summary>Parts of expressions that are computed by themselves.</summary>
    public int NodeCount => _networks.Values.Sum(network => network.NodeCount);

    /// <summary>Takes in the samples of a batch.</summary>
    public void Append(long batch, IEnumerable<LabelledSample> samples) => _columns.Append(batch, samples);

    /// <summary>Evaluates a group that the network was made of, as <see cref="RuleGroup.Evaluate"/> does.</summary>
    public GroupEvaluation Evaluate(RuleGroup group, RuleGroupState before, SeriesSnapshot snapshot, long asOf)
    {
        CatchUp(snapshot);
        return _plans[group].Evaluate(before, snapshot, asOf);
    }

    /// <summary>Evaluates a group after its last evaluation, for those who only want to know which alerts changed.</summary>
    public IReadOnlyList<AlertTransition> Pass(RuleGroup group, SeriesSnapshot snapshot, long asOf) => _plans[group].Pass(snapshot, asOf);

    /// <summary>What a group remembers after a pass, and what it would store.</summary>
    public GroupEvaluation Complete(RuleGroup group) => _plans[group].Complete();

    private void CatchUp(SeriesSnapshot snapshot)
    {
        if (snapshot.Watermark > _columns.Watermark)
        {
            _columns.Follow(snapshot);
        }
    }
}
