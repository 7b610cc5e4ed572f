namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Between which codes of a column the comparisons of conditions turn.</summary>
internal sealed class RankEdges
{
    private readonly int[] _starts; // by edge, which lies between a code and the one before it
    private readonly Turn[] _turns; // small and in a row: a value that jumps passes hundreds of them
    private readonly RankedCondition[] _conditions;
    private readonly RankedColumn[] _others;
    private readonly Literal[][] _rests;

    public RankEdges(RankedColumn column)
    {
        var all = column.Conditions.SelectMany(condition => Meetings(condition, column)).ToArray();
        _conditions = [.. all.Select(meeting => meeting.Condition).Distinct()];
        _others = [.. all.SelectMany(meeting => meeting.Others.Take(1)).Select(literal => literal.Column).Distinct()];
        _rests = [[], .. all.Where(meeting => meeting.Others.Length > 1).Select(meeting => meeting.Others[1..])];
        var (conditions, others, rest) = (Numbers(_conditions), Numbers(_others), 0);
        var turns = new List<(int Edge, Turn Turn)>();
        foreach (var (condition, own, asked) in all)
        {
            rest += asked.Length > 1 ? 1 : 0;
            var turn = asked is [var first, ..]
                ? new Turn(own.Range, first.Range, first.IsNegated, others[first.Column], conditions[condition], asked.Length > 1 ? rest : 0)
                : new Turn(own.Range, CodeRange.Never, IsNegated: true, -1, conditions[condition], 0);
            turns.AddRange(Edges(own.Range, column.Ladder.Top).Select(edge => (edge, turn)));
        }

        _turns = [.. turns.OrderBy(pair => pair.Edge).Select(pair => pair.Turn)];
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

    private RankEdges() => (_starts, _turns, _conditions, _others, _rests) = ([], [], [], [], []);

    public static RankEdges None { get; } = new();

    /// <summary>Tells the conditions that hold now in a lane and did not, or the other way, or may do so.</summary>
    public void Pass(int lane, ushort before, ushort now)
    {
        var (low, high) = before < now ? (before, now) : (now, before);
        var turns = _turns.AsSpan(_starts[low + 1].._starts[high + 1]);
        foreach (ref readonly var turn in turns)
        {
            if (turn.Own.Has(before) != turn.Own.Has(now)
                && (turn.Other < 0 || turn.Range.Has(_others[turn.Other].Codes[lane]) != turn.IsNegated)
                && (turn.Rest == 0 || AllHold(_rests[turn.Rest], lane)))
            {
                _conditions[turn.Condition].Touch(lane);
            }
        }
    }

    private static bool AllHold(Literal[] literals, int lane)
    {
        foreach (ref readonly var literal in literals.AsSpan())
        {
            if (!literal.Holds(lane))
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<T, int> Numbers<T>(T[] things)
        where T : class => things.Select((thing, i) => (thing, i)).ToDictionary(pair => pair.thing, pair => pair.i);

    /// <summary>Where all else that is asked for is asked of other columns, the condition turns only if all of that holds.</summary>
    private static IEnumerable<(RankedCondition Condition, Literal Own, Literal[] Others)> Meetings(RankedCondition condition, RankedColumn column)
    {
        var single = condition.Branches is [var only] && only.DistinctBy(literal => literal.Column).Count() == only.Length ? only : null;
        foreach (var own in condition.Branches.SelectMany(branch => branch).Where(literal => literal.Column == column))
        {
            yield return (condition, own, single is null ? [] : Array.FindAll(single, literal => literal.Column != column));
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

    /// <summary>A comparison that turns at an edge.</summary>
    /// <param name="Range">What the first of the other columns that are asked has to be in, or out of.</param>
    /// <param name="Other">The number of that column; -1 where no other is asked.</param>
    /// <param name="Rest">The number of what else is asked; 0 where nothing is.</param>
    private readonly record struct Turn(CodeRange Own, CodeRange Range, bool IsNegated, int Other, int Condition, int Rest);
}
