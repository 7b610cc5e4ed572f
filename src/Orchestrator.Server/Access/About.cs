using System.Collections.Immutable;
using System.Data.Common;
using Orchestrator.Runtime;

namespace Orchestrator.Server.Access;

/// <summary>What an endpoint is about; the models of that decide who may call it.</summary>
/// <param name="Name">As the table of endpoints names it.</param>
internal sealed record About(string Name)
{
    /// <summary>The whole server: the role has to hold for every model.</summary>
    public static readonly About Everywhere = new("everywhere");

    /// <summary>What the caller sees: the role may hold for any model, and the endpoint itself leaves out what belongs to others.</summary>
    public static readonly About Shown = new("shown");

    public static readonly About Model = new("model") { Key = "name", List = "/api/models", Find = (_, _, name) => Subject.Of(name) };

    public static readonly About Dataset = new("dataset") { Key = "name", List = "/api/datasets", Find = (node, _, name) => Subjects.OfDataset(node, name) };

    public static readonly About Monitor = new("monitor") { Key = "name", List = "/api/monitors", Find = (node, _, name) => Subjects.OfMonitor(node, name) };

    public static readonly About Rule = new("rule") { Key = "name", List = "/api/rules", Find = (node, _, name) => Subjects.OfRule(node, name) };

    public static readonly About Finding = new("finding") { List = "/api/findings", Find = (_, connection, id) => Subjects.OfFinding(connection, id) };

    public static readonly About Fix = new("fix") { List = "/api/fixes", Find = (_, connection, id) => Subjects.OfFix(connection, id) };

    public static readonly About Queue = new("label queue") { List = "/api/labels/queues", Find = (_, connection, id) => Subjects.OfQueue(connection, id) };

    public static readonly About Instance = new("workflow instance") { List = "/api/workflows/instances", Find = (_, connection, id) => Subjects.OfInstance(connection, id) };

    public static readonly About Execution = new("activity execution") { List = "/api/workflows/instances", Find = (_, connection, id) => Subjects.OfExecution(connection, id) };

    public static readonly About Definition = new("workflow definition") { List = "/api/workflows", Find = (_, connection, id) => Subjects.OfDefinition(connection, id) };

    /// <summary>The same, where the route says its name.</summary>
    public static readonly About Named = Definition with { Key = "name" };

    /// <summary>The same as an instance, where the query says which.</summary>
    public static readonly About InstanceAsked = Instance with { Key = "workflowInstanceId" };

    /// <summary>The parameter, of the route or of the query, that says which one is meant.</summary>
    public string Key { get; init; } = "id";

    /// <summary>Where those that exist are listed.</summary>
    public string List { get; init; } = "";

    /// <summary>Null where there is none, or where the scope names nothing single.</summary>
    public Func<Node, DbConnection, string, Subject?>? Find { get; init; }
}

/// <summary>The models of one thing; without a name where it belongs to none.</summary>
/// <param name="IsShared">Whether everybody may look at it.</param>
internal sealed record Subject(ImmutableArray<string?> Models, bool IsShared = false)
{
    public static readonly Subject Shared = new([null], IsShared: true);

    public static Subject Of(string? model) => new([string.IsNullOrEmpty(model) ? null : model]);
}
