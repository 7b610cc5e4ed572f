namespace Orchestrator.Runtime.Datasets;

/// <summary>What a patch would make of a dataset's current version: tried out, never kept and never current.</summary>
/// <param name="File">Its Parquet file, in a folder of who asked.</param>
public sealed record DraftVersion(DatasetVersion Version, string File);
