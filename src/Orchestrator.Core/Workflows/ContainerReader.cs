using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>Reads flowcharts and sequences.</summary>
internal sealed class ContainerReader(DefinitionNotes notes, VariableReader variables, ActivityReader activities)
{
    public const int MaxConnections = 5000;

    public static readonly ImmutableHashSet<string> Properties =
        ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "activities", "connections", "variables", "start");

    public Container Read(JsonAt at, string type, VariableScope outer)
    {
        var scope = outer.Within(variables.Read(at.Get("variables")));
        var places = new Dictionary<string, JsonAt>(StringComparer.Ordinal);
        var nodes = ImmutableArray.CreateBuilder<ActivityNode>();
        foreach (var item in at.Get("activities")?.Items ?? [])
        {
            if (activities.Read(item, scope) is { } node)
            {
                places[node.Id] = item;
                nodes.Add(node);
            }
        }

        return type == ElsaActivities.Sequence
            ? Sequence(nodes.ToImmutable(), scope.Own)
            : Flowchart(at, nodes.ToImmutable(), scope.Own, places);
    }

    private static Container Sequence(ImmutableArray<ActivityNode> nodes, ImmutableArray<VariableDefinition> own)
    {
        var connections = nodes.Zip(nodes.Skip(1), (one, next) => new Connection(one.Id, Connection.AnyPort, next.Id));
        return new Container(nodes, [.. connections.Order()], own, nodes.FirstOrDefault()?.Id);
    }

    private Container Flowchart(JsonAt at, ImmutableArray<ActivityNode> nodes, ImmutableArray<VariableDefinition> own, Dictionary<string, JsonAt> places)
    {
        var connections = Connections(at, nodes);
        var start = new StartChoice(notes, nodes, places).Choose(at, connections);
        var container = new Container(nodes, connections, own, start);
        if (container.Graph.Tangle is { } tangle)
        {
            notes.Error(
                at.Get("connections") ?? at, "FLOW023", $"the connection from \"{tangle.Source}\" to \"{tangle.Target}\" belongs to a loop that can be entered at two places",
                "loops that are entered at one activity");
        }

        foreach (var node in nodes.Where(node => start is not null && !container.Graph.Reached.Contains(node.Id)))
        {
            notes.Warning(places[node.Id], "FLOW024", $"nothing leads to the activity \"{node.Id}\": it never runs");
        }

        return container;
    }

    private ImmutableArray<Connection> Connections(JsonAt at, ImmutableArray<ActivityNode> nodes)
    {
        var byId = nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        var read = new SortedSet<Connection>();
        foreach (var item in at.Get("connections")?.Items ?? [])
        {
            if (Ends(item) is { } connection && CheckEnds(item, connection, byId) && !read.Add(connection))
            {
                notes.Warning(item, "FLOW022", $"the connection from \"{connection.Source}\" by {connection.Port} to \"{connection.Target}\" occurs twice");
            }
        }

        if (read.Count > MaxConnections)
        {
            notes.Error(at.Get("connections") ?? at, "FLOW002", $"there are {read.Count} connections", $"at most {MaxConnections}");
            return [];
        }

        return [.. read];
    }

    /// <summary>The connection as Elsa writes it, or flat as Elsa 3.0 did; a null port is Done.</summary>
    private Connection? Ends(JsonAt at)
    {
        var source = at.Get("source");
        var target = at.Get("target");
        var from = source?.TextOf("activity") ?? source?.Text;
        var to = target?.TextOf("activity") ?? target?.Text;
        if (from is null || to is null)
        {
            notes.Error(at, "FLOW005", "a connection lacks its source or its target", "source and target: {\"activity\": …, \"port\": …}");
            return null;
        }

        return new Connection(from, source?.TextOf("port") ?? at.TextOf("sourcePort") ?? "Done", to);
    }

    private bool CheckEnds(JsonAt at, Connection connection, Dictionary<string, ActivityNode> byId)
    {
        var missing = new[] { connection.Source, connection.Target }.Where(id => !byId.ContainsKey(id)).ToList();
        foreach (var id in missing)
        {
            notes.Unknown(at, "FLOW020", ("the connected activity", id), byId.Keys);
        }

        if (missing.Count > 0)
        {
            return false;
        }

        var source = byId[connection.Source];
        if (source.Descriptor is not null && !source.Outcomes.Contains(connection.Port, StringComparer.Ordinal))
        {
            notes.Unknown(at.Get("source")?.Get("port") ?? at, "FLOW021", ($"the outcome of {source.DisplayName} ({source.Type})", connection.Port), source.Outcomes);
        }

        return true;
    }
}

/// <summary>Chooses the activity that a flowchart starts with, as Elsa does, but never by the order of the file.</summary>
internal sealed class StartChoice(DefinitionNotes notes, ImmutableArray<ActivityNode> nodes, Dictionary<string, JsonAt> places)
{
    public string? Choose(JsonAt at, ImmutableArray<Connection> connections)
    {
        if (at.TryGet("start", out var start))
        {
            return Named(start);
        }

        var entered = connections.Select(connection => connection.Target).ToHashSet(StringComparer.Ordinal);
        var starts = nodes.Where(node => node.Type == ElsaActivities.Start).ToList();
        var marked = nodes.Where(node => IsMarked(places[node.Id])).ToList();
        var first = nodes.Where(node => !entered.Contains(node.Id)).ToList();
        var candidates = starts.Count > 0 ? starts : marked.Count > 0 ? marked : first;
        if (candidates.Count == 1 || nodes.IsEmpty)
        {
            return candidates.FirstOrDefault()?.Id;
        }

        var text = candidates.Count == 0 ? "no activity of the flowchart can be the first" : $"{candidates.Count} activities of the flowchart could be the first: {string.Join(", ", candidates.Select(node => node.Id).Order(StringComparer.Ordinal))}";
        notes.Error(at.Get("activities") ?? at, "FLOW019", text, $"one {ElsaActivities.Start} activity");
        return null;
    }

    private string? Named(JsonAt start)
    {
        var id = start.Text ?? start.TextOf("id");
        if (id is not null && places.ContainsKey(id))
        {
            return id;
        }

        notes.Unknown(start, "FLOW020", ("the start activity", id ?? ""), places.Keys);
        return null;
    }

    private static bool IsMarked(JsonAt activity) =>
        activity.Get("canStartWorkflow")?.Kind == JsonValueKind.True || activity.Get("customProperties")?.Get("canStartWorkflow")?.Kind == JsonValueKind.True;
}
