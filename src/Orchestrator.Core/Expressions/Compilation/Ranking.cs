namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The conditions of a network that are decided by where the values of columns lie between constants.</summary>
internal sealed class Ranking
{
    private readonly List<(RankedCondition Condition, (ColumnNode Column, Test Test)[][] Branches)> _added = [];
    private readonly Dictionary<ColumnNode, int> _comparisons = [];
    private readonly List<LaneDomain> _unsettled = [];

    /// <summary>The condition with the columns of its tests; none where a column is compared with more numbers than codes can tell apart.</summary>
    public RankedCondition? Add((ColumnNode Column, Test Test)[][] branches)
    {
        foreach (var (column, _) in branches.SelectMany(branch => branch))
        {
            _comparisons[column] = _comparisons.GetValueOrDefault(column) + 1;
        }

        if (branches.SelectMany(branch => branch).Any(part => _comparisons[part.Column] > Ladder.MostComparisons))
        {
            return null;
        }

        var condition = new RankedCondition();
        _added.Add((condition, branches));
        return condition;
    }

    /// <summary>Lays out lanes and codes, once all conditions are known.</summary>
    public void Seal()
    {
        if (_added.Count == 0)
        {
            return;
        }

        var domains = Domains();
        foreach (var group in _added.SelectMany(added => added.Branches).SelectMany(branch => branch).GroupBy(part => part.Column))
        {
            var domain = domains[group.Key];
            var tests = group.Where(part => part.Test.Op is not null).Select(part => (part.Test.Op!.Value, part.Test.Number));
            group.Key.Ranks = new RankedColumn(group.Key, domain, new Ladder(tests));
            domain.Add(group.Key.Ranks);
        }

        foreach (var (condition, branches) in _added)
        {
            condition.Seal(domains[branches[0][0].Column], Array.ConvertAll(branches, branch => Array.ConvertAll(branch, part => Literal(part.Column.Ranks!, part.Test))));
        }

        foreach (var domain in domains.Values.Distinct())
        {
            domain.Seal();
        }

        _added.Clear();
    }

    /// <summary>Tells conditions what came of the codes that changed.</summary>
    public void Settle()
    {
        foreach (var domain in _unsettled)
        {
            domain.Settle();
        }

        _unsettled.Clear();
    }

    /// <summary>Columns that occur in one condition have their lanes in common.</summary>
    private Dictionary<ColumnNode, LaneDomain> Domains()
    {
        var members = new Dictionary<ColumnNode, List<ColumnNode>>();
        foreach (var (_, branches) in _added)
        {
            var columns = branches.SelectMany(branch => branch).Select(part => part.Column).Distinct().ToList();
            foreach (var column in columns)
            {
                members.TryAdd(column, [column]);
                Unite(members, columns[0], column);
            }
        }

        var made = new Dictionary<List<ColumnNode>, LaneDomain>(ReferenceEqualityComparer.Instance);
        foreach (var together in members.Values)
        {
            made.TryAdd(together, new LaneDomain(_unsettled));
        }

        return members.ToDictionary(pair => pair.Key, pair => made[pair.Value]);
    }

    private static void Unite(Dictionary<ColumnNode, List<ColumnNode>> members, ColumnNode first, ColumnNode second)
    {
        var (large, small) = members[first].Count >= members[second].Count ? (members[first], members[second]) : (members[second], members[first]);
        if (large == small)
        {
            return;
        }

        large.AddRange(small);
        foreach (var column in small)
        {
            members[column] = large;
        }
    }

    private static Literal Literal(RankedColumn column, Test test) =>
        new(column, test.Op is { } op ? column.Ladder.Range(op, test.Number) : CodeRange.Present, test.IsNegated, test.Counts);
}
