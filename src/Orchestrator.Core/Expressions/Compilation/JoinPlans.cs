using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>How the lanes of two shapes meet.</summary>
/// <param name="Partner">By lane of the first shape, the lane of the second that it meets; -1 where there is none.</param>
/// <param name="IsAligned">Both have their lanes in the same order.</param>
internal sealed record JoinPlan(int[] Partner, bool IsAligned);

/// <summary>The plans of joins, made once for each pair of shapes.</summary>
internal sealed class JoinPlans
{
    private const int MostPlans = 4096;

    private readonly Dictionary<(Shape First, Shape Second, string Matching), JoinPlan?> _plans = [];

    /// <summary>The plan of a join in which each lane of the first shape meets at most one of the second; none where it may meet more.</summary>
    public JoinPlan? Find(Shape first, Shape second, VectorMatching matching, LabelTable table)
    {
        var key = (first, second, $"{matching.On} {string.Join(',', matching.Labels)}");
        if (!_plans.TryGetValue(key, out var plan))
        {
            if (_plans.Count >= MostPlans)
            {
                _plans.Clear();
            }

            plan = Plan(table.Signatures(first, matching), table.Signatures(second, matching));
            _plans.Add(key, plan);
        }

        return plan;
    }

    private static JoinPlan? Plan(int[] first, int[] second)
    {
        if (first.AsSpan().SequenceEqual(second) && new HashSet<int>(second).Count == second.Length)
        {
            return new JoinPlan([], IsAligned: true);
        }

        var lanes = new Dictionary<int, int>(second.Length);
        for (var lane = 0; lane < second.Length; lane++)
        {
            if (!lanes.TryAdd(second[lane], lane))
            {
                return null;
            }
        }

        return new JoinPlan(Array.ConvertAll(first, signature => lanes.GetValueOrDefault(signature, -1)), IsAligned: false);
    }
}
