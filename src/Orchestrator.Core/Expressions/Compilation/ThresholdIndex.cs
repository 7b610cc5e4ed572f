using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The comparisons of one column with constants, in the order of the constants: a number that moves passes only those between where it was and where it is.</summary>
internal sealed class ThresholdIndex
{
    private readonly Ladder[] _ladders;

    public ThresholdIndex(IReadOnlyList<Dependent> dependents)
    {
        var steps = dependents.OfType<ThresholdNode>().Where(node => node.IsStep && node.FollowsLanes).ToList();
        _ladders = [.. steps.GroupBy(node => node.Op).Select(group => new Ladder(group.Key, [.. group.OrderBy(node => node.Threshold)]))];
        Others = [.. dependents.Except(steps)];
    }

    /// <summary>What depends on the column in another way.</summary>
    public Dependent[] Others { get; }

    /// <summary>Passes on that a lane's number is another one; NaN where it is not there.</summary>
    public void Move(int lane, double before, double now)
    {
        foreach (var ladder in _ladders)
        {
            ladder.Move(lane, before, now);
        }
    }

    /// <summary>Comparisons by one operator. Of <c>&gt;</c> and <c>&gt;=</c> those below a number hold, of the others those above it.</summary>
    private sealed class Ladder(BinaryOp op, ThresholdNode[] steps)
    {
        private readonly double[] _thresholds = Array.ConvertAll(steps, step => step.Threshold);
        private readonly bool _holdsBelow = op is BinaryOp.Greater or BinaryOp.GreaterOrEqual;
        private readonly bool _countsEqual = op is BinaryOp.GreaterOrEqual or BinaryOp.Less;

        public void Move(int lane, double before, double now)
        {
            var (from, to) = (Below(before), Below(now));
            var holds = _holdsBelow ? to > from : to < from;
            for (var i = Math.Min(from, to); i < Math.Max(from, to); i++)
            {
                steps[i].Put(lane, holds);
            }
        }

        /// <summary>How many of the steps lie below the border between those that hold and those that do not.</summary>
        private int Below(double number)
        {
            if (double.IsNaN(number))
            {
                return _holdsBelow ? 0 : _thresholds.Length;
            }

            var (low, high) = (0, _thresholds.Length);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                var isBelow = _countsEqual ? _thresholds[middle] <= number : _thresholds[middle] < number;
                (low, high) = isBelow ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }
}
