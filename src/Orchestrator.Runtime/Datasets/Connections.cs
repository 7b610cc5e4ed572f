using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Where the operator's connections lead.</summary>
/// <param name="Folders">Absolute folder of each connection that is one.</param>
public sealed record Connections(ImmutableDictionary<string, string> Folders)
{
    /// <param name="root">Folder of the operator's file, which relative paths are relative to.</param>
    public static Connections Of(OperatorFile operatorFile, string root) => new(operatorFile.Connections
        .Where(pair => pair.Value is ConnectionSpec.Folder)
        .ToImmutableDictionary(pair => pair.Key, pair => Path.GetFullPath(Path.Combine(root, ((ConnectionSpec.Folder)pair.Value).Path)), StringComparer.Ordinal));

    /// <summary>The folder of a connection; throws <see cref="InvalidOperationException"/> where the operator named none.</summary>
    public string FolderOf(string connection) =>
        Folders.GetValueOrDefault(connection) ?? throw new InvalidOperationException($"the operator's file names no folder \"{connection}\"");
}
