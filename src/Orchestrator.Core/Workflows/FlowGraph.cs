using System.Collections.Immutable;

namespace Orchestrator.Core.Workflows;

/// <summary>The connections of one container, prepared for running: which lead forward, which lead back, what can reach what.</summary>
/// <remarks>
/// A connection leads back if its target dominates its source: every way from the start to the source passes the target. That does not
/// depend on the order of the file. A graph whose other connections still hold a cycle is refused (<see cref="Tangle"/>).
/// </remarks>
internal sealed class FlowGraph
{
    private static readonly ImmutableArray<Connection> None = [];

    private readonly ILookup<string, Connection> _outbound;
    private readonly ILookup<string, Connection> _inbound;
    private readonly HashSet<Connection> _back;
    private readonly Dictionary<string, ImmutableArray<Connection>> _forwardInbound;
    private readonly Dictionary<string, int> _rank;

    private FlowGraph(ILookup<string, Connection> outbound, ILookup<string, Connection> inbound, string? start)
    {
        _outbound = outbound;
        _inbound = inbound;
        Reached = start is null ? [] : Closure([start], node => _outbound[node].Select(connection => connection.Target), null);
        var live = Reached.SelectMany(node => _outbound[node]).Order().ToList();
        _back = [.. live.GroupBy(connection => connection.Target, StringComparer.Ordinal).SelectMany(into => Back(into, start!))];
        _forwardInbound = live.Where(connection => !_back.Contains(connection)).GroupBy(connection => connection.Target, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        _rank = Rank();
        Tangle = live.FirstOrDefault(connection => !_back.Contains(connection) && !_rank.ContainsKey(connection.Target));
    }

    /// <summary>Activities that the start leads to, itself among them.</summary>
    public HashSet<string> Reached { get; }

    /// <summary>A connection of a loop that can be entered at two places; null where there is none.</summary>
    public Connection? Tangle { get; }

    public static FlowGraph Of(IEnumerable<string> activities, IEnumerable<Connection> connections, string? start)
    {
        var known = activities.ToHashSet(StringComparer.Ordinal);
        var usable = connections.Where(connection => known.Contains(connection.Source) && known.Contains(connection.Target)).Order().ToList();
        return new FlowGraph(
            usable.ToLookup(connection => connection.Source, StringComparer.Ordinal),
            usable.ToLookup(connection => connection.Target, StringComparer.Ordinal),
            start is not null && known.Contains(start) ? start : null);
    }

    public bool IsBack(Connection connection) => _back.Contains(connection);

    /// <summary>Forward connections into an activity from activities that the start leads to.</summary>
    public ImmutableArray<Connection> ForwardInto(string activity) => _forwardInbound.GetValueOrDefault(activity, None);

    /// <summary>Position in the forward order: an activity stands after all that lead forward to it.</summary>
    public int RankOf(string activity) => _rank.GetValueOrDefault(activity, int.MaxValue);

    /// <summary>The connections that are followed when an activity leaves by these outcomes.</summary>
    public ImmutableArray<Connection> Followed(string activity, ImmutableArray<string> outcomes) =>
        [.. _outbound[activity].Where(connection => connection.Port == Connection.AnyPort || outcomes.Contains(connection.Port, StringComparer.Ordinal))];

    /// <summary>Activities from which some way leads to one of the targets without passing the barrier.</summary>
    public HashSet<string> Leading(IEnumerable<string> targets, string barrier) => Closure(targets, SourcesInto, barrier);

    /// <summary>Activities that lead forward to the activity.</summary>
    public HashSet<string> Ancestors(string activity)
    {
        var found = Closure([activity], node => ForwardInto(node).Select(connection => connection.Source), null);
        found.Remove(activity);
        return found;
    }

    private IEnumerable<string> SourcesInto(string node) => _inbound[node].Select(connection => connection.Source);

    /// <summary>Those of the connections into one activity whose sources the start reaches only through that activity.</summary>
    private IEnumerable<Connection> Back(IGrouping<string, Connection> into, string start)
    {
        if (into.Key != start && into.Skip(1).FirstOrDefault() is null)
        {
            return [];
        }

        var without = Closure([start], from => _outbound[from].Select(connection => connection.Target), into.Key);
        return into.Where(connection => !without.Contains(connection.Source));
    }

    /// <summary>Kahn's order, the ordinally first where there is a choice; activities on forward cycles have no rank.</summary>
    private Dictionary<string, int> Rank()
    {
        var open = Reached.ToDictionary(node => node, node => ForwardInto(node).Length, StringComparer.Ordinal);
        var ready = new SortedSet<string>(open.Where(pair => pair.Value == 0).Select(pair => pair.Key), StringComparer.Ordinal);
        var rank = new Dictionary<string, int>(StringComparer.Ordinal);
        while (ready.Min is { } node)
        {
            ready.Remove(node);
            rank[node] = rank.Count;
            foreach (var connection in _outbound[node].Where(connection => !_back.Contains(connection)))
            {
                if (--open[connection.Target] == 0)
                {
                    ready.Add(connection.Target);
                }
            }
        }

        return rank;
    }

    private static HashSet<string> Closure(IEnumerable<string> from, Func<string, IEnumerable<string>> next, string? barrier)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(from.Where(node => node != barrier));
        while (open.TryPop(out var node))
        {
            if (!found.Add(node))
            {
                continue;
            }

            foreach (var neighbour in next(node).Where(neighbour => neighbour != barrier))
            {
                open.Push(neighbour);
            }
        }

        return found;
    }
}
