using CsCheck;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Random flowcharts: a forward graph from a start, with forks, gates, joins, delays, and loops back to dominators.</summary>
internal static class RandomFlow
{
    /// <summary>Kinds as <see cref="FlowText"/> has them, with the ports that connections may leave by.</summary>
    private static readonly (string Kind, string[] Ports)[] _kinds =
    [
        ("query", ["Done"]), ("query", ["Done"]), ("gate", ["Promote", "Hold", "Reject"]), ("gate", ["Promote", "Hold", "Reject"]), ("retrain", ["Succeeded", "Failed"]),
        ("relabel", ["Done", "Timed_out"]), ("rebuild", ["Done"]), ("promote", ["Done"]), ("delay 00:05:00", ["Done"]), ("fork left right", ["left", "right"]),
        ("decision true", ["True", "False"]), ("join WaitAll", ["Done"]), ("join WaitAllActive", ["Done"]), ("join WaitAny", ["Done"]), ("end", []), ("finish", []),
    ];

    /// <summary>Lines of a flow in which every connection leads forward.</summary>
    public static Gen<string[]> Forward(bool withoutWaitAny = false) =>
        from kinds in Gen.Int[0, _kinds.Length - 1].Array[1, 9]
        from edges in Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 2]).Array[0, 14]
        select Lines(kinds, edges, withoutWaitAny);

    /// <summary>The same, and connections back, of which the reader refuses those that make a tangle.</summary>
    public static Gen<string[]> Looping() =>
        from lines in Forward()
        from back in Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 2]).Array[1, 3]
        select lines.Concat(Back(lines, back)).Distinct().ToArray();

    private static string[] Lines(int[] kinds, (int From, int To, int Port)[] edges, bool withoutWaitAny)
    {
        var chosen = kinds.Select(kind => withoutWaitAny && _kinds[kind].Kind == "join WaitAny" ? _kinds[0] : _kinds[kind]).ToArray();
        var lines = new List<string> { "Start: start" };
        lines.AddRange(chosen.Select((kind, i) => $"N{i}: {kind.Kind}"));
        // Each activity is entered at least once, from the one before it or the start; more connections come on top.
        for (var i = 0; i < chosen.Length; i++)
        {
            var before = edges.Length > i ? edges[i].From % (i + 1) - 1 : i - 1;
            lines.Add(Connection(chosen, before, i, i));
        }

        lines.AddRange(edges.Select(edge => (From: edge.From % chosen.Length, To: edge.To % chosen.Length, edge.Port)).Where(edge => edge.From < edge.To)
            .Select(edge => Connection(chosen, edge.From, edge.To, edge.Port)));
        return [.. lines.Where(line => line.Length > 0).Distinct()];
    }

    private static string Connection((string Kind, string[] Ports)[] chosen, int from, int to, int port)
    {
        var ports = from < 0 ? ["Done"] : chosen[from].Ports;
        return ports.Length == 0 ? $"Start.Done -> N{to}" : $"{(from < 0 ? "Start" : $"N{from}")}.{ports[port % ports.Length]} -> N{to}";
    }

    private static IEnumerable<string> Back(string[] lines, (int From, int To, int Port)[] back)
    {
        var kinds = lines.Where(line => line.StartsWith('N') && line.Contains(": ", StringComparison.Ordinal)).Select(line => line.Split(": ")[1]).ToArray();
        foreach (var (from, to, port) in back.Select(edge => (edge.From % kinds.Length, edge.To % kinds.Length, edge.Port)).Where(edge => edge.Item1 >= edge.Item2))
        {
            var ports = _kinds.First(kind => kind.Kind == kinds[from]).Ports;
            if (ports.Length > 0)
            {
                yield return $"N{from}.{ports[port % ports.Length]} -> N{to}";
            }
        }
    }
}
