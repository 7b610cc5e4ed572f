using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Files of the repository that tests of workflows read.</summary>
internal static class WorkflowFiles
{
    public static string Folder(params ReadOnlySpan<string> names) => Path.Combine([Repository.Root, .. names]);

    public static WorkflowDefinition Definition(string file) =>
        WorkflowDefinition.Read($"workflows/{file}", Repository.Text($"workflows/{file}")).Definition!;
}
