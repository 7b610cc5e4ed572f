using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Workflows;

/// <summary>A changed definition as the file that is proposed.</summary>
internal static class AuthoredText
{
    /// <summary>The file with the scratch's version; nothing else differs from what was edited.</summary>
    public static string Of(DefinitionVersion scratch, WorkflowDefinition edited) => edited.With(
        ("id", JsonSerializer.SerializeToElement(string.Create(CultureInfo.InvariantCulture, $"{scratch.DefinitionId}-{scratch.Version}"))),
        ("version", JsonSerializer.SerializeToElement(scratch.Version))).Write();
}
