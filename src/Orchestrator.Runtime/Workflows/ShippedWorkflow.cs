using System.Reflection;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Workflows;

/// <summary>The definitions that come with the program, whatever the authored ones are.</summary>
internal static class ShippedWorkflow
{
    /// <summary>What makes a person's repaired rows the training set.</summary>
    public static readonly WorkflowDefinition ApplyDataset = Read("apply-dataset");

    /// <summary>What lets a person's own version be judged.</summary>
    public static readonly WorkflowDefinition ApplyModel = Read("apply-model");

    private static WorkflowDefinition Read(string name)
    {
        var path = $"workflows/{name}.json";
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(path)!);
        return WorkflowDefinition.Read(path, reader.ReadToEnd()).Definition!;
    }
}
