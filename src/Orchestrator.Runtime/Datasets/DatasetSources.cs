using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The rows of a dataset, or its labels that come from another place.</summary>
public readonly record struct SourcePart(string Dataset, bool IsLabels)
{
    /// <summary>The path below the dataset to the field that says where they are.</summary>
    public string[] Field(DataLocation from)
    {
        var field = from switch { DataLocation.Files => "path", DataLocation.Query => "query", _ => "push" };
        return IsLabels ? ["labels", field] : [field];
    }
}

/// <summary>Files that hold rows or labels.</summary>
/// <param name="Shown">As their author names them.</param>
/// <param name="Field">The path below the dataset to the field that names them.</param>
public sealed record FoundRows(ImmutableArray<string> Files, string Shown, string[] Field)
{
    /// <summary>Whether the author knows the files by name: others were made from a query or from what was pushed.</summary>
    public bool AreAuthored { get; init; } = true;

    /// <summary>What keeps copies of the files; absent where they are read once.</summary>
    public FileCopies? Copies { get; init; }

    /// <param name="texts">Columns kept as text.</param>
    public SourceTableRequest Into(string table, ImmutableArray<string> texts) => new(table, Files, Shown, Field, texts) { AreAuthored = AreAuthored, Copies = Copies };
}

/// <summary>Where the rows and labels of datasets are found.</summary>
/// <param name="Folders">Absolute folder of each connection that is one.</param>
public sealed record DatasetSources(ImmutableDictionary<string, string> Folders)
{
    /// <summary>What is no file of a folder and was brought into files; nothing where a problem told why.</summary>
    public ImmutableDictionary<SourcePart, FoundRows?> Gathered { get; init; } = ImmutableDictionary<SourcePart, FoundRows?>.Empty;

    /// <summary>What keeps copies of files that are read again and again.</summary>
    public FileCopies? Copies { get; init; }

    /// <summary>The files; null, and a problem, where there are none.</summary>
    public FoundRows? Find(SourcePart part, DataLocation from, DatasetProblems problems)
    {
        if (Gathered.TryGetValue(part, out var gathered))
        {
            return gathered;
        }

        var field = part.Field(from);
        if (from is not DataLocation.Files files || Folders.GetValueOrDefault(from.Connection) is not { } folder)
        {
            problems.Error("DATA016", $"connection \"{from.Connection}\" is no folder", $"there are {string.Join(", ", Folders.Keys.Order(StringComparer.Ordinal))}", field);
            return null;
        }

        switch (SourceFiles.Find(folder, files.Path))
        {
            case SourceFiles.Found found:
                return new(found.Paths, files.Path, field) { Copies = Copies };
            case SourceFiles.Outside outside:
                problems.Error("DATA002", $"\"{outside.Path}\" leads out of the folder of connection \"{from.Connection}\"", "allowed: files inside of it", field);
                return null;
            case SourceFiles.Missing when part.IsLabels:
                problems.Warn("DATA001", $"no file matches \"{files.Path}\": there are no labels yet", null, field);
                return null;
            default:
                problems.Error("DATA001", $"no file matches \"{files.Path}\"", $"connection \"{from.Connection}\" is a folder that is searched for it", field);
                return null;
        }
    }
}
