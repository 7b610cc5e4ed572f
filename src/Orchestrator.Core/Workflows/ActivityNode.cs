using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>One activity of a definition.</summary>
/// <param name="Id">Unique within the definition.</param>
public sealed record ActivityNode(string Id, string Type, int Version)
{
    /// <summary>The name that people see; the id where the definition gives none.</summary>
    public string DisplayName { get; init; } = Id;

    /// <summary>What the catalogue says of its type; null where the type is unknown.</summary>
    public ActivityDescriptor? Descriptor { get; init; }

    /// <summary>Where each given input comes from, by the descriptor's names.</summary>
    public ImmutableSortedDictionary<string, InputValue> Inputs { get; init; } = ImmutableSortedDictionary.Create<string, InputValue>(StringComparer.Ordinal);

    /// <summary>The variable that each bound output goes to, by the descriptor's names.</summary>
    public ImmutableSortedDictionary<string, string> Outputs { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The ports that it can leave by.</summary>
    public ImmutableArray<string> Outcomes { get; init; } = [];

    /// <summary>What stands within; null where it is no container.</summary>
    public Container? Container { get; init; }
}

/// <summary>What stands within a flowchart or a sequence.</summary>
/// <param name="Activities">In the order of the file, which means something in a sequence only.</param>
/// <param name="Connections">In ordinal order, so that the file's order means nothing.</param>
/// <param name="Start">The activity that starts; null where there is none.</param>
public sealed record Container(
    ImmutableArray<ActivityNode> Activities, ImmutableArray<Connection> Connections, ImmutableArray<VariableDefinition> Variables, string? Start)
{
    /// <summary>The connections prepared for running.</summary>
    internal FlowGraph Graph { get; } = FlowGraph.Of(Activities.Select(activity => activity.Id), Connections, Start);
}

/// <summary>A way from a port of one activity to another activity.</summary>
public sealed record Connection(string Source, string Port, string Target) : IComparable<Connection>
{
    /// <summary>The port of a sequence's implied connections, which are followed whatever the outcome.</summary>
    public const string AnyPort = "*";

    public int CompareTo(Connection? other)
    {
        if (other is null)
        {
            return 1;
        }

        var bySource = string.CompareOrdinal(Source, other.Source);
        var byPort = bySource != 0 ? bySource : string.CompareOrdinal(Port, other.Port);
        return byPort != 0 ? byPort : string.CompareOrdinal(Target, other.Target);
    }

    public static bool operator <(Connection left, Connection right) => left.CompareTo(right) < 0;

    public static bool operator >(Connection left, Connection right) => left.CompareTo(right) > 0;

    public static bool operator <=(Connection left, Connection right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Connection left, Connection right) => left.CompareTo(right) >= 0;
}

/// <summary>Where the value of an input comes from.</summary>
public abstract record InputValue
{
    private InputValue()
    {
    }

    /// <summary>Written in the definition, in the type that the descriptor names.</summary>
    public sealed record Constant(JsonElement Value) : InputValue;

    /// <summary>The variable's value at the time.</summary>
    public sealed record Variable(string Id) : InputValue;

    /// <summary>An input of the workflow.</summary>
    public sealed record WorkflowInput(string Name) : InputValue;
}

/// <summary>A variable of a workflow or a container.</summary>
/// <param name="Initial">Its value at the start; a JSON null where the definition gives none.</param>
public sealed record VariableDefinition(string Id, string Name, string Type, JsonElement Initial);

/// <summary>An input or an output of a workflow.</summary>
/// <param name="Required">Whether it feeds an input that an activity requires, so that the workflow cannot go without.</param>
public sealed record ArgumentDefinition(string Name, string Type, string DisplayName, string Description, bool Required);
