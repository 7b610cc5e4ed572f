using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>What Studio asks before it draws anything: activities, expressions, strategies, types, features.</summary>
internal static class DescriptorEndpoints
{
    private const string StorageDriver = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core";

    /// <summary>Studio's settings have an editor that looks for a type besides Literal, Object, Variable and Input, and fails without one; nobody can choose it.</summary>
    private const string Unused = "Default";

    private static readonly string[] VariableTypes =
    [
        ValueTypes.Text, ValueTypes.Boolean, ValueTypes.Integer, ValueTypes.Long, ValueTypes.Number, ValueTypes.Duration, ValueTypes.Instant, ValueTypes.Any,
    ];

    /// <summary>The one strategy of each kind that the engine has.</summary>
    private static readonly (string Path, string Type, string Name, string Description)[] Strategies =
    [
        ("workflow-activation-strategies", "Orchestrator.AlwaysStrategy", "Always", "Every start is a new instance."),
        ("incident-strategies", "Orchestrator.FaultStrategy", "Fault", "A failure without a connection from its failure outcome ends the instance."),
        ("log-persistence-strategies", "Orchestrator.IncludeStrategy", "Include", "Everything is kept in the journal."),
    ];

    public static void MapDescriptors(this RouteGroupBuilder api)
    {
        Get(api, "/descriptors/activities", ActivityDescriptors.All);
        Get(api, "/descriptors/expression-descriptors", [.. ActivityCatalog.Expressions.Append(Unused).Select(Expression)]);
        foreach (var (path, type, name, description) in Strategies)
        {
            Get(api, $"/descriptors/{path}", [new { TypeName = type, DisplayName = name, Description = description }]);
        }

        Get<object>(api, "/descriptors/commit-strategies/workflows", []);
        Get<object>(api, "/descriptors/commit-strategies/activities", []);
        Get(api, "/descriptors/storage-drivers", [new { TypeName = StorageDriver, DisplayName = "Workflow instance", Priority = 0, Deprecated = false }]);
        Get(api, "/descriptors/variables", [.. VariableTypes.Select(type => new { TypeName = type, DisplayName = type, Category = "Primitives", Description = ValueTypes.Written(type) })]);
        Get<object>(api, "/descriptors/output-converters", []);
        Get(api, "/features/installed", [new { Name = "RealTimeWorkflowUpdates", Namespace = "Elsa", FullName = "Elsa.RealTimeWorkflowUpdates", DisplayName = "Real-time workflow updates", Description = "Tells of instances as they go on." }]);
        // Inputs whose choices the server would compute anew: there are none.
        api.MapPost("/descriptors/activities/{type}/options/{property}", (string type, string property) => ElsaJson.Answer(new { Items = new Dictionary<string, object>() })).Needs(Role.Viewer, About.Shown);
    }

    private static object Expression(string type) => new
    {
        Type = type,
        DisplayName = type,
        IsSerializable = true,
        // Literal and Object are the panel's "Default".
        IsBrowsable = type is not ("Literal" or "Object" or Unused),
        Properties = new Dictionary<string, object>(),
    };

    private static void Get<T>(RouteGroupBuilder api, string path, IReadOnlyList<T> items) => api.MapGet(path, () => ElsaJson.List(items)).Needs(Role.Viewer, About.Shown);
}
