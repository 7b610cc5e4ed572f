using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A database that queries are sent to.</summary>
/// <param name="DsnFile">Absolute path of the file that holds the connection string, which is read for each use and kept nowhere.</param>
/// <param name="Timeout">How long one query may take.</param>
public sealed record DatabaseConnection(string Name, string DsnFile, TimeSpan Timeout);

/// <summary>Where the operator's connections lead.</summary>
/// <param name="Folders">Absolute folder of each connection that is one.</param>
public sealed record Connections(ImmutableDictionary<string, string> Folders)
{
    public ImmutableDictionary<string, DatabaseConnection> Databases { get; init; } = ImmutableDictionary<string, DatabaseConnection>.Empty;

    /// <summary>The names of all, to be shown.</summary>
    public string Listed => Folders.IsEmpty && Databases.IsEmpty ? "none" : string.Join(", ", Folders.Keys.Concat(Databases.Keys).Order(StringComparer.Ordinal));

    /// <param name="root">Folder of the operator's file, which relative paths are relative to.</param>
    public static Connections Of(OperatorFile operatorFile, string root)
    {
        string Full(string path) => Path.GetFullPath(Path.Combine(root, path));
        return new(operatorFile.Connections.Where(pair => pair.Value is ConnectionSpec.Folder)
            .ToImmutableDictionary(pair => pair.Key, pair => Full(((ConnectionSpec.Folder)pair.Value).Path), StringComparer.Ordinal))
        {
            Databases = operatorFile.Connections.Where(pair => pair.Value is ConnectionSpec.Database)
                .Select(pair => (pair.Key, Spec: (ConnectionSpec.Database)pair.Value))
                .ToImmutableDictionary(pair => pair.Key, pair => new DatabaseConnection(pair.Key, Full(pair.Spec.DsnFile), pair.Spec.Timeout), StringComparer.Ordinal),
        };
    }

    /// <summary>The folder of a connection; throws <see cref="InvalidOperationException"/> where the operator named none.</summary>
    public string FolderOf(string connection) =>
        Folders.GetValueOrDefault(connection) ?? throw new InvalidOperationException($"the operator's file names no folder \"{connection}\"");
}
