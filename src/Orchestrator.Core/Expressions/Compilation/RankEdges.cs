namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Between which codes of a column the comparisons of conditions turn.</summary>
internal sealed class RankEdges
{
    private readonly int[] _starts; // by edge, which lies between a code and the one before it
    private readonly Turn[] _turns;

    public RankEdges(RankedColumn column)
    {
        var turns = column.Conditions.SelectMany(condition => Turns(condition, column)).SelectMany(turn => Edges(turn.Own.Range, column.Ladder.Top).Select(edge => (Edge: edge, Turn: turn)))
            .OrderBy(pair => pair.Edge).ToArray();
        _turns = Array.ConvertAll(turns, pair => pair.Turn);
        _starts = new int[column.Ladder.Top + 3];
        foreach (var (edge, _) in turns)
        {
            _starts[edge + 1]++;
        }

        for (var edge = 1; edge < _starts.Length; edge++)
        {
            _starts[edge] += _starts[edge - 1];
        }
    }

    private RankEdges() => (_starts, _turns) = ([], []);

    public static RankEdges None { get; } = new();

    /// <summary>Tells the conditions that hold now in a lane and did not, or the other way, or may do so.</summary>
    public void Pass(int lane, ushort before, ushort now)
    {
        var (low, high) = before < now ? (before, now) : (now, before);
        var turns = _turns.AsSpan(_starts[low + 1].._starts[high + 1]);
        foreach (ref readonly var turn in turns)
        {
            if (turn.Own.Range.Has(before) != turn.Own.Range.Has(now) && turn.OthersHold(lane))
            {
                turn.Condition.Touch(lane);
            }
        }
    }

    /// <summary>Where all else that is asked for is asked of other columns, the condition turns only if all of that holds.</summary>
    private static IEnumerable<Turn> Turns(RankedCondition condition, RankedColumn column)
    {
        var single = condition.Branches is [var only] && only.DistinctBy(literal => literal.Column).Count() == only.Length ? only : null;
        foreach (var own in condition.Branches.SelectMany(branch => branch).Where(literal => literal.Column == column))
        {
            var others = single is null ? [] : Array.FindAll(single, literal => literal.Column != column);
            yield return new(condition, own, others is [var first, ..] ? first : null, others is [_, .. var rest] ? rest : []);
        }
    }

    private static IEnumerable<int> Edges(CodeRange range, int top)
    {
        if (range.Low <= top)
        {
            yield return range.Low;
            if (range.High < top)
            {
                yield return range.High + 1;
            }
        }
    }

    private readonly record struct Turn(RankedCondition Condition, Literal Own, Literal? First, Literal[] Rest)
    {
        public bool OthersHold(int lane)
        {
            if (First is not { } first)
            {
                return true;
            }

            if (!first.Holds(lane))
            {
                return false;
            }

            foreach (var literal in Rest)
            {
                if (!literal.Holds(lane))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
